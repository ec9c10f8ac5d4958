DROP TABLE "worker_change" CASCADE;--> statement-breakpoint
ALTER TABLE "gap_shard" ADD COLUMN "basis" text;--> statement-breakpoint
ALTER TABLE "gap_shard" ADD COLUMN "reached_basis" text;--> statement-breakpoint
ALTER TABLE "gap_shard" ADD COLUMN "reached_day" date;
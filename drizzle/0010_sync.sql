CREATE TABLE "sync_crawl" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"asked_at" timestamp (3) with time zone,
	"not_before" timestamp (3) with time zone,
	CONSTRAINT "sync_crawl_worker_id_agency_pk" PRIMARY KEY("worker_id","agency")
);
--> statement-breakpoint
CREATE TABLE "sync_crawl_day" (
	"agency" text NOT NULL,
	"day" date NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"paced_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sync_crawl_day_agency_day_pk" PRIMARY KEY("agency","day")
);
--> statement-breakpoint
CREATE TABLE "sync_removal" (
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"noted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sync_removal_agency_record_id_pk" PRIMARY KEY("agency","record_id")
);
--> statement-breakpoint
ALTER TABLE "sync_state" ADD COLUMN "caught_up_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sync_state" ADD COLUMN "reread_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sync_state" ADD COLUMN "pages" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_state" ADD COLUMN "rejected" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_state" ADD COLUMN "ran_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sync_state" ADD COLUMN "outcome" text;--> statement-breakpoint
CREATE INDEX "sync_crawl_order" ON "sync_crawl" USING btree ("agency","asked_at" NULLS FIRST);--> statement-breakpoint
UPDATE "sync_state" SET "caught_up_at" = "last_page_at" WHERE "caught_up";--> statement-breakpoint
INSERT INTO "changed_worker" ("worker_id") SELECT DISTINCT "worker_id" FROM "agency_record";

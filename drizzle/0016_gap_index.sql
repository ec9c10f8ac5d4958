ALTER TABLE "gap" ADD COLUMN "found_on" date GENERATED ALWAYS AS ((opened_at at time zone 'Asia/Jakarta')::date) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "gap" ADD COLUMN "closed_on" date GENERATED ALWAYS AS ((closed_at at time zone 'Asia/Jakarta')::date) STORED;--> statement-breakpoint
ALTER TABLE "gap" ADD COLUMN "open_from" date GENERATED ALWAYS AS (coalesce(since, (opened_at at time zone 'Asia/Jakarta')::date)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "gap" ADD COLUMN "open_to" date GENERATED ALWAYS AS (least(until, (closed_at at time zone 'Asia/Jakarta')::date - 1)) STORED;--> statement-breakpoint
ALTER TABLE "gap" ADD COLUMN "on_placement" boolean GENERATED ALWAYS AS (reach ? 'placement') STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "gap" ADD COLUMN "case_mission" text GENERATED ALWAYS AS (reach -> 'case' ->> 'mission') STORED;--> statement-breakpoint
ALTER TABLE "gap" ADD COLUMN "case_category" text GENERATED ALWAYS AS (reach -> 'case' ->> 'category') STORED;--> statement-breakpoint
CREATE INDEX "gap_since" ON "gap" USING btree ("since","worker_id");--> statement-breakpoint
CREATE INDEX "gap_mission" ON "gap" USING btree ("mission","worker_id");--> statement-breakpoint
CREATE INDEX "gap_p3mi" ON "gap" USING btree ("p3mi","worker_id");
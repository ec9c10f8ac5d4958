CREATE TABLE "blocking_key" (
	"key_set" integer NOT NULL,
	"key" bigint NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	CONSTRAINT "blocking_key_key_set_key_agency_record_id_pk" PRIMARY KEY("key_set","key","agency","record_id")
);
--> statement-breakpoint
CREATE TABLE "link" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"model_version" text,
	"decided_by" text NOT NULL,
	"reason" text,
	"decision_id" uuid,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"valid_to" timestamp (3) with time zone,
	CONSTRAINT "link_worker_id_id_pk" PRIMARY KEY("worker_id","id")
);
--> statement-breakpoint
CREATE TABLE "link_decision" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "link_decision_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"decided_by" text NOT NULL,
	"reason" text NOT NULL,
	"decided_at" timestamp (3) with time zone NOT NULL,
	"workers" uuid[] NOT NULL,
	"effect" jsonb NOT NULL,
	"undoes" uuid,
	"undone_by" uuid
);
--> statement-breakpoint
CREATE TABLE "link_model" (
	"version" text PRIMARY KEY NOT NULL,
	"body" jsonb NOT NULL,
	"key_set" integer NOT NULL,
	"records" integer NOT NULL,
	"in_force" boolean DEFAULT false NOT NULL,
	"learned_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link_review" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"left_agency" text NOT NULL,
	"left_record" text NOT NULL,
	"right_agency" text NOT NULL,
	"right_record" text NOT NULL,
	"probability" double precision NOT NULL,
	"veto" text,
	"evidence" jsonb NOT NULL,
	"model_version" text NOT NULL,
	"width" integer NOT NULL,
	"priority" double precision NOT NULL,
	"state" text DEFAULT 'OPEN' NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link_verdict" (
	"left_agency" text NOT NULL,
	"left_record" text NOT NULL,
	"right_agency" text NOT NULL,
	"right_record" text NOT NULL,
	"verdict" text NOT NULL,
	"decision_id" uuid NOT NULL,
	CONSTRAINT "link_verdict_left_agency_left_record_right_agency_right_record_pk" PRIMARY KEY("left_agency","left_record","right_agency","right_record")
);
--> statement-breakpoint
ALTER TABLE "worker" ADD COLUMN "links_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_worker_id_worker_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."worker"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "blocking_key_record" ON "blocking_key" USING btree ("agency","record_id");--> statement-breakpoint
CREATE UNIQUE INDEX "link_live" ON "link" USING btree ("agency","record_id") WHERE valid_to is null;--> statement-breakpoint
CREATE INDEX "link_live_worker" ON "link" USING btree ("worker_id") WHERE valid_to is null;--> statement-breakpoint
CREATE UNIQUE INDEX "link_decision_number" ON "link_decision" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "link_decision_undoes" ON "link_decision" USING btree ("undoes");--> statement-breakpoint
CREATE INDEX "link_decision_workers" ON "link_decision" USING gin ("workers");--> statement-breakpoint
CREATE UNIQUE INDEX "link_review_pair" ON "link_review" USING btree ("left_agency","left_record","right_agency","right_record");--> statement-breakpoint
CREATE INDEX "link_review_right" ON "link_review" USING btree ("right_agency","right_record");--> statement-breakpoint
CREATE INDEX "link_review_queue" ON "link_review" USING btree ("priority","id") WHERE state = 'OPEN';--> statement-breakpoint
CREATE INDEX "link_verdict_right" ON "link_verdict" USING btree ("right_agency","right_record");--> statement-breakpoint
INSERT INTO "link" ("worker_id", "agency", "record_id", "evidence", "decided_by", "valid_from") SELECT "worker_id", "agency", "record_id", '{"rule":"EXACT","against":null,"weighed":null}', 'machine', "fetched_at" FROM "agency_record";

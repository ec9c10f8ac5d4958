CREATE TABLE "referral" (
	"worker_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"reference" text NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"case_number" text NOT NULL,
	"mission" text NOT NULL,
	"category" text NOT NULL,
	"from_agency" text NOT NULL,
	"to_agency" text NOT NULL,
	"benefit" text,
	"state" text NOT NULL,
	"sent_by" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "referral_worker_id_id_pk" PRIMARY KEY("worker_id","id")
);
--> statement-breakpoint
CREATE TABLE "referral_step" (
	"worker_id" uuid NOT NULL,
	"referral_id" uuid NOT NULL,
	"state" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" text NOT NULL,
	"text" text,
	"outcome" text,
	CONSTRAINT "referral_step_worker_id_referral_id_state_pk" PRIMARY KEY("worker_id","referral_id","state")
);
--> statement-breakpoint
ALTER TABLE "referral" ADD CONSTRAINT "referral_worker_id_worker_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."worker"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "referral_step" ADD CONSTRAINT "referral_step_worker_id_referral_id_referral_worker_id_id_fk" FOREIGN KEY ("worker_id","referral_id") REFERENCES "public"."referral"("worker_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "referral_reference" ON "referral" USING btree ("reference");--> statement-breakpoint
CREATE UNIQUE INDEX "referral_once" ON "referral" USING btree ("sent_by","idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "referral_open" ON "referral" USING btree ("agency","record_id","case_number","to_agency",coalesce(benefit, '')) WHERE state <> 'ANSWERED';--> statement-breakpoint
CREATE INDEX "referral_record" ON "referral" USING btree ("agency","record_id");--> statement-breakpoint
CREATE INDEX "referral_to" ON "referral" USING btree ("to_agency","sent_at","id");--> statement-breakpoint
CREATE INDEX "referral_waiting" ON "referral" USING btree ("to_agency","state");--> statement-breakpoint
CREATE INDEX "referral_sent" ON "referral" USING btree ("sent_at","id");--> statement-breakpoint
CREATE INDEX "worker_merged" ON "worker" USING btree ("merged_into") WHERE merged_into is not null;
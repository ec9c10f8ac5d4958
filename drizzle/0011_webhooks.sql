CREATE TABLE "webhook" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"owner" text NOT NULL,
	"url" text NOT NULL,
	"description" text,
	"kinds" text[],
	"purpose" text NOT NULL,
	"state" text DEFAULT 'ACTIVE' NOT NULL,
	"secret" "bytea" NOT NULL,
	"old_secret" "bytea",
	"old_secret_until" timestamp (3) with time zone,
	"cursor" bigint NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	"leased_by" uuid,
	"leased_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_success_at" timestamp (3) with time zone,
	"last_failure_at" timestamp (3) with time zone,
	"last_failure" text
);
--> statement-breakpoint
CREATE TABLE "webhook_held" (
	"webhook_id" uuid NOT NULL,
	"event_id" bigint NOT NULL,
	"worker_id" uuid NOT NULL,
	"attempts" integer NOT NULL,
	"next_at" timestamp (3) with time zone,
	"dead_at" timestamp (3) with time zone,
	"failure" text,
	"event" jsonb NOT NULL,
	CONSTRAINT "webhook_held_webhook_id_event_id_pk" PRIMARY KEY("webhook_id","event_id")
);
--> statement-breakpoint
ALTER TABLE "webhook_held" ADD CONSTRAINT "webhook_held_webhook_id_webhook_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhook"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_owner" ON "webhook" USING btree ("owner");
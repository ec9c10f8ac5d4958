CREATE TABLE "agency_record" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"body" jsonb NOT NULL,
	"as_of" timestamp (3) with time zone,
	"fetched_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "agency_record_worker_id_agency_record_id_pk" PRIMARY KEY("worker_id","agency","record_id")
);
--> statement-breakpoint
CREATE TABLE "api_key" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "hub_secret" (
	"name" text PRIMARY KEY NOT NULL,
	"value" "bytea" DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex') NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identifier" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "identifier_worker_id_agency_record_id_kind_value_pk" PRIMARY KEY("worker_id","agency","record_id","kind","value")
);
--> statement-breakpoint
CREATE TABLE "sync_state" (
	"agency" text PRIMARY KEY NOT NULL,
	"cursor" text,
	"caught_up" boolean DEFAULT false NOT NULL,
	"last_page_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "worker" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"merged_into" uuid
);
--> statement-breakpoint
ALTER TABLE "agency_record" ADD CONSTRAINT "agency_record_worker_id_worker_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."worker"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identifier" ADD CONSTRAINT "identifier_worker_id_worker_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."worker"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "agency_record_once" ON "agency_record" USING btree ("agency","record_id");--> statement-breakpoint
CREATE INDEX "identifier_value" ON "identifier" USING btree ("value","kind");
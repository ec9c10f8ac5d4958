CREATE TABLE "export_chunk" (
	"job_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "export_chunk_job_id_number_pk" PRIMARY KEY("job_id","number")
);
--> statement-breakpoint
CREATE TABLE "export_job" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"owner" text NOT NULL,
	"caller" jsonb NOT NULL,
	"order" jsonb NOT NULL,
	"format" text NOT NULL,
	"byte_order_mark" boolean DEFAULT false NOT NULL,
	"state" text DEFAULT 'QUEUED' NOT NULL,
	"fault" text,
	"rows" bigint DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"run" uuid,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "export_persons" (
	"job_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"workers" uuid[] NOT NULL,
	CONSTRAINT "export_persons_job_id_number_pk" PRIMARY KEY("job_id","number")
);
--> statement-breakpoint
ALTER TABLE "export_chunk" ADD CONSTRAINT "export_chunk_job_id_export_job_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."export_job"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "export_persons" ADD CONSTRAINT "export_persons_job_id_export_job_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."export_job"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "export_job_owner" ON "export_job" USING btree ("owner","created_at");--> statement-breakpoint
CREATE INDEX "export_job_state" ON "export_job" USING btree ("state","created_at");
--> statement-breakpoint
-- Pieces of files are not worth compressing again.
ALTER TABLE "export_chunk" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

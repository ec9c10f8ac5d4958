CREATE TABLE "audit_entry" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"request_id" text NOT NULL,
	"caller_kind" text NOT NULL,
	"caller_id" text NOT NULL,
	"caller_name" text NOT NULL,
	"purpose" text,
	"case_reference" text,
	"operation" text NOT NULL,
	"operation_name" text,
	"document_hash" text,
	"client_name" text,
	"client_version" text,
	"outcome" text NOT NULL,
	"codes" text[] NOT NULL,
	"workers" uuid[] NOT NULL,
	"not_found" integer NOT NULL,
	"classes" text[] NOT NULL,
	"denied" text[] NOT NULL,
	"agencies" text[] NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "restriction" (
	"worker_id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"set_by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "restriction" ADD CONSTRAINT "restriction_worker_id_worker_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."worker"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_entry_workers" ON "audit_entry" USING gin ("workers");--> statement-breakpoint
-- Adds rows to the audit log: a JSON array of entries whose keys are the columns' names. The hash of each covers the hash before it and the entry's text as it
-- was sent, so that whoever writes and whoever verifies need one form only. The lock makes one order for all instances.
CREATE FUNCTION "audit_append"("entries" json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  added "audit_entry"%ROWTYPE;
  entry json;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('payung audit'));
  SELECT "seq", "hash" INTO added."seq", added."hash" FROM "audit_entry" ORDER BY "seq" DESC LIMIT 1;
  added."seq" := coalesce(added."seq", 0);
  added."hash" := coalesce(added."hash", '\x');
  FOR entry IN SELECT value FROM json_array_elements("entries") LOOP
    added."seq" := added."seq" + 1;
    added."hash" := sha256(added."hash" || convert_to(entry::text, 'UTF8'));
    INSERT INTO "audit_entry" SELECT * FROM json_populate_record(added, entry);
  END LOOP;
END $$;

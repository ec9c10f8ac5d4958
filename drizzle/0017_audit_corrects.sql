ALTER TABLE "audit_entry" ADD COLUMN "corrects" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_entry_corrects" ON "audit_entry" USING btree ("corrects") WHERE corrects is not null;--> statement-breakpoint
-- As before, but it gives the last row's number, so that a later row can name one that it corrects.
DROP FUNCTION "audit_append"(json);--> statement-breakpoint
CREATE FUNCTION "audit_append"("entries" json) RETURNS bigint LANGUAGE plpgsql AS $$
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
  RETURN added."seq";
END $$;

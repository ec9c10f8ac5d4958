CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE TABLE "indexed_name" (
	"name" text PRIMARY KEY NOT NULL,
	"tokens" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "indexed_token" (
	"token" text PRIMARY KEY NOT NULL,
	"letters" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "indexed_name_tokens" ON "indexed_name" USING gin ("tokens");--> statement-breakpoint
CREATE INDEX "indexed_token_letters" ON "indexed_token" USING btree ("letters");--> statement-breakpoint
CREATE INDEX "indexed_token_similar" ON "indexed_token" USING gin (token gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "identifier_compact" ON "identifier" USING btree ((regexp_replace(value, '[^A-Z0-9]', '', 'g') collate "C"),"worker_id");--> statement-breakpoint
CREATE INDEX "identifier_inside" ON "identifier" USING gin ((regexp_replace(value, '[^A-Z0-9]', '', 'g') collate "C") gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indexed_case_opened" ON "indexed_case" USING btree ("opened_on","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_case_closed" ON "indexed_case" USING btree ("closed_on","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_case_mission" ON "indexed_case" USING btree ("mission","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_coverage_covers_to" ON "indexed_coverage" USING btree ("covers_to","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_coverage_window_end" ON "indexed_coverage" USING btree ("window_end","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_placement_contract_end" ON "indexed_placement" USING btree ("contract_end","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_placement_registered" ON "indexed_placement" USING btree ("registered_on","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_placement_departed" ON "indexed_placement" USING btree ("departed_on","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_placement_returned" ON "indexed_placement" USING btree ("returned_on","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_placement_mission" ON "indexed_placement" USING btree ("mission","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_placement_p3mi" ON "indexed_placement" USING btree ("p3mi_id","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_record_name" ON "indexed_record" USING btree ("name_search","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_record_areas" ON "indexed_record" USING gin ("areas") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_stay_mission" ON "indexed_stay" USING btree ("mission","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_worker_name" ON "indexed_worker" USING btree (name collate "C","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_worker_born" ON "indexed_worker" USING btree ("date_of_birth","worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_worker_regency" ON "indexed_worker" USING btree ("regency","worker_id") WHERE recorded_to is null;
--> statement-breakpoint
CREATE FUNCTION indexed_name_added(names text[]) RETURNS void LANGUAGE sql AS $$
  -- In one order, so that two who add the same names wait for each other and never both.
  WITH added AS (
    INSERT INTO indexed_name (name, tokens)
      SELECT name, string_to_array(name, ' ') FROM (SELECT DISTINCT unnest(names) AS name) n
      WHERE NOT EXISTS (SELECT FROM indexed_name k WHERE k.name = n.name) ORDER BY name
    ON CONFLICT DO NOTHING RETURNING tokens
  )
  INSERT INTO indexed_token (token, letters)
    SELECT token, (SELECT string_agg(letter, '' ORDER BY letter COLLATE "C") FROM regexp_split_to_table(token, '') letter)
    FROM (SELECT DISTINCT unnest(tokens) AS token FROM added) t
    WHERE NOT EXISTS (SELECT FROM indexed_token k WHERE k.token = t.token) ORDER BY token
  ON CONFLICT DO NOTHING
$$;
--> statement-breakpoint
CREATE FUNCTION indexed_record_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM indexed_name_added((SELECT array_agg(DISTINCT name_search) FROM fresh WHERE name_search IS NOT NULL));
  RETURN NULL;
END $$;
--> statement-breakpoint
SELECT indexed_name_added((SELECT array_agg(DISTINCT name_search) FROM indexed_record WHERE name_search IS NOT NULL));
--> statement-breakpoint
CREATE TRIGGER indexed_record_named AFTER INSERT ON indexed_record REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION indexed_record_named();

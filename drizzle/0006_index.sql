CREATE TABLE "changed_worker" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "changed_worker_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"worker_id" uuid NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "indexed_case" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"key" text NOT NULL,
	"mission" text NOT NULL,
	"category" text NOT NULL,
	"subcategory" text,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"country" text,
	"region" text,
	"district" text,
	"opened_on" date NOT NULL,
	"closed_on" date,
	"claimed_amount" numeric,
	"recovered_amount" numeric,
	"currency" text,
	"content" text NOT NULL,
	"recorded_from" timestamp (3) with time zone NOT NULL,
	"recorded_to" timestamp (3) with time zone,
	CONSTRAINT "indexed_case_worker_id_agency_record_id_key_recorded_from_pk" PRIMARY KEY("worker_id","agency","record_id","key","recorded_from")
);
--> statement-breakpoint
CREATE TABLE "indexed_change" (
	"worker_id" uuid PRIMARY KEY NOT NULL,
	"xid" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "indexed_coverage" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"key" text NOT NULL,
	"programme" text NOT NULL,
	"phase" text NOT NULL,
	"status" text NOT NULL,
	"registered_on" date,
	"window_start" date,
	"window_end" date,
	"payment_status" text NOT NULL,
	"owed" numeric,
	"paid" numeric,
	"paid_on" date,
	"contract_months" integer,
	"claims" integer NOT NULL,
	"covers_from" date,
	"covers_to" date,
	"content" text NOT NULL,
	"recorded_from" timestamp (3) with time zone NOT NULL,
	"recorded_to" timestamp (3) with time zone,
	CONSTRAINT "indexed_coverage_worker_id_agency_record_id_key_recorded_from_pk" PRIMARY KEY("worker_id","agency","record_id","key","recorded_from")
);
--> statement-breakpoint
CREATE TABLE "indexed_health" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"key" text NOT NULL,
	"active" boolean NOT NULL,
	"inactive_reason" text,
	"segment" text,
	"ward_class" text,
	"start_on" date,
	"end_on" date,
	"content" text NOT NULL,
	"recorded_from" timestamp (3) with time zone NOT NULL,
	"recorded_to" timestamp (3) with time zone,
	CONSTRAINT "indexed_health_worker_id_agency_record_id_key_recorded_from_pk" PRIMARY KEY("worker_id","agency","record_id","key","recorded_from")
);
--> statement-breakpoint
CREATE TABLE "indexed_placement" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"key" text NOT NULL,
	"scheme" text NOT NULL,
	"procedure" text NOT NULL,
	"stage" text NOT NULL,
	"country" text NOT NULL,
	"region" text,
	"district" text,
	"mission" text,
	"p3mi_id" text,
	"p3mi_name" text,
	"employer_kind" text,
	"sector" text NOT NULL,
	"job" text NOT NULL,
	"contract_start" date,
	"contract_end" date,
	"contract_months" integer,
	"wage_amount" numeric,
	"wage_currency" text,
	"registered_on" date,
	"departed_on" date,
	"arrived_on" date,
	"returned_on" date,
	"passport_valid_until" date,
	"one_channel_system" boolean,
	"abroad_from" date,
	"abroad_to" date,
	"content" text NOT NULL,
	"recorded_from" timestamp (3) with time zone NOT NULL,
	"recorded_to" timestamp (3) with time zone,
	CONSTRAINT "indexed_placement_worker_id_agency_record_id_key_recorded_from_pk" PRIMARY KEY("worker_id","agency","record_id","key","recorded_from")
);
--> statement-breakpoint
CREATE TABLE "indexed_record" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"name" text,
	"name_search" text,
	"sex" text,
	"date_of_birth" date,
	"areas" text[] NOT NULL,
	"content" text NOT NULL,
	"recorded_from" timestamp (3) with time zone NOT NULL,
	"recorded_to" timestamp (3) with time zone,
	CONSTRAINT "indexed_record_worker_id_agency_record_id_recorded_from_pk" PRIMARY KEY("worker_id","agency","record_id","recorded_from")
);
--> statement-breakpoint
CREATE TABLE "indexed_stay" (
	"worker_id" uuid NOT NULL,
	"agency" text NOT NULL,
	"record_id" text NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"mission" text NOT NULL,
	"country" text NOT NULL,
	"region" text,
	"district" text,
	"reported_on" date NOT NULL,
	"verified_on" date,
	"content" text NOT NULL,
	"recorded_from" timestamp (3) with time zone NOT NULL,
	"recorded_to" timestamp (3) with time zone,
	CONSTRAINT "indexed_stay_worker_id_agency_record_id_key_recorded_from_pk" PRIMARY KEY("worker_id","agency","record_id","key","recorded_from")
);
--> statement-breakpoint
CREATE TABLE "indexed_worker" (
	"worker_id" uuid NOT NULL,
	"name" text,
	"sex" text,
	"date_of_birth" date,
	"province" text,
	"regency" text,
	"district" text,
	"agencies" text[] NOT NULL,
	"content" text NOT NULL,
	"recorded_from" timestamp (3) with time zone NOT NULL,
	"recorded_to" timestamp (3) with time zone,
	CONSTRAINT "indexed_worker_worker_id_recorded_from_pk" PRIMARY KEY("worker_id","recorded_from")
);
--> statement-breakpoint
ALTER TABLE "worker" ADD COLUMN "serial" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "worker_serial_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "worker" ADD COLUMN "cell_key" bigint DEFAULT ('x' || substr(gen_random_uuid()::text, 1, 8))::bit(32)::bigint NOT NULL;--> statement-breakpoint
CREATE INDEX "indexed_case_live" ON "indexed_case" USING btree ("worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_change_xid" ON "indexed_change" USING btree ("xid");--> statement-breakpoint
CREATE INDEX "indexed_coverage_live" ON "indexed_coverage" USING btree ("worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_health_live" ON "indexed_health" USING btree ("worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_placement_live" ON "indexed_placement" USING btree ("worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_record_live" ON "indexed_record" USING btree ("agency","record_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_stay_live" ON "indexed_stay" USING btree ("worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE INDEX "indexed_worker_live" ON "indexed_worker" USING btree ("worker_id") WHERE recorded_to is null;--> statement-breakpoint
CREATE UNIQUE INDEX "worker_serial" ON "worker" USING btree ("serial");--> statement-breakpoint
CREATE FUNCTION worker_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO changed_worker (worker_id) SELECT DISTINCT worker_id FROM fresh;
  IF FOUND THEN PERFORM pg_notify('payung_changed', ''); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION worker_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO changed_worker (worker_id) SELECT DISTINCT worker_id FROM stale;
  IF FOUND THEN PERFORM pg_notify('payung_changed', ''); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION worker_record_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A record that was only fetched again says nothing new.
  INSERT INTO changed_worker (worker_id)
    SELECT s.worker_id FROM stale s JOIN fresh f USING (agency, record_id) WHERE s.worker_id <> f.worker_id OR s.body <> f.body
    UNION SELECT f.worker_id FROM stale s JOIN fresh f USING (agency, record_id) WHERE s.worker_id <> f.worker_id;
  IF FOUND THEN PERFORM pg_notify('payung_changed', ''); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER agency_record_added AFTER INSERT ON agency_record REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION worker_added();
--> statement-breakpoint
CREATE TRIGGER agency_record_changed AFTER UPDATE ON agency_record REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION worker_record_changed();
--> statement-breakpoint
CREATE TRIGGER agency_record_removed AFTER DELETE ON agency_record REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION worker_removed();
--> statement-breakpoint
CREATE TRIGGER restriction_set AFTER INSERT ON restriction REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION worker_added();
--> statement-breakpoint
CREATE TRIGGER restriction_lifted AFTER DELETE ON restriction REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION worker_removed();
--> statement-breakpoint
INSERT INTO changed_worker (worker_id) SELECT DISTINCT worker_id FROM agency_record;

CREATE TABLE "held_places" (
	"caller" text NOT NULL,
	"instance" uuid NOT NULL,
	"places" integer NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "held_places_caller_instance_pk" PRIMARY KEY("caller","instance")
);
--> statement-breakpoint
CREATE TABLE "trusted_document" (
	"id" text PRIMARY KEY NOT NULL,
	"body" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "documents" text DEFAULT 'any' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "limits" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
-- Holds places for a caller's requests under way: as many as are wanted, or as the other instances have left of the most there may be. What the instance
-- held before is replaced. The lock makes one order for all instances.
CREATE FUNCTION "hold_places"("who" text, "holder" uuid, "wanted" integer, "most" integer, "seconds" integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  others bigint;
  given integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('payung places ' || "who", 0));
  SELECT coalesce(sum("places"), 0) INTO others FROM "held_places" WHERE "caller" = "who" AND "instance" <> "holder" AND "ends_at" > clock_timestamp();
  given := greatest(0, least("wanted", "most" - others));
  INSERT INTO "held_places" ("caller", "instance", "places", "ends_at") VALUES ("who", "holder", given, clock_timestamp() + make_interval(secs => "seconds"))
  ON CONFLICT ("caller", "instance") DO UPDATE SET "places" = given, "ends_at" = excluded."ends_at";
  RETURN given;
END $$;

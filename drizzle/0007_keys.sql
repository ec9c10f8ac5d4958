ALTER TABLE "blocking_key" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP TABLE "blocking_key" CASCADE;--> statement-breakpoint
ALTER TABLE "agency_record" ADD COLUMN "number" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "agency_record_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);--> statement-breakpoint
CREATE UNIQUE INDEX "agency_record_number" ON "agency_record" USING btree ("number");--> statement-breakpoint
CREATE TABLE "blocking_key" (
	"key" bigint PRIMARY KEY NOT NULL,
	"records" bigint[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link_pending" (
	"number" bigint PRIMARY KEY NOT NULL
);--> statement-breakpoint
INSERT INTO "link_pending" SELECT "number" FROM "agency_record";

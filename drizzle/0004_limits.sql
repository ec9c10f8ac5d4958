CREATE TABLE "meter" (
	"caller" text NOT NULL,
	"name" text NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"used" bigint NOT NULL,
	CONSTRAINT "meter_caller_name_ends_at_pk" PRIMARY KEY("caller","name","ends_at")
);
--> statement-breakpoint
CREATE TABLE "person_read" (
	"worker_id" uuid NOT NULL,
	"caller" text NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "person_read_worker_id_caller_ends_at_pk" PRIMARY KEY("worker_id","caller","ends_at")
);

CREATE TABLE "cover_notice" (
	"worker_id" uuid NOT NULL,
	"cover" text NOT NULL,
	"told_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cover_notice_worker_id_cover_pk" PRIMARY KEY("worker_id","cover")
);
--> statement-breakpoint
CREATE TABLE "event" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"worker_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" jsonb,
	"rule" text,
	"ref" text,
	"reach" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event_inbox" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "event_inbox_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"worker_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" jsonb,
	"rule" text,
	"ref" text,
	"reach" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gap" (
	"worker_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"rule" text NOT NULL,
	"about" text NOT NULL,
	"severity" text NOT NULL,
	"since" date,
	"until" date,
	"actor" text NOT NULL,
	"programmes" text[] NOT NULL,
	"evidence" jsonb NOT NULL,
	"placement_agency" text,
	"placement_record" text,
	"placement_number" text,
	"country" text,
	"p3mi" text,
	"mission" text,
	"reach" jsonb NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "gap_worker_id_id_pk" PRIMARY KEY("worker_id","id")
);
--> statement-breakpoint
CREATE TABLE "gap_shard" (
	"shard" smallint PRIMARY KEY NOT NULL,
	"day" date,
	"reached" uuid
);
--> statement-breakpoint
CREATE TABLE "worker_change" (
	"shard" smallint NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "worker_change_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"worker_id" uuid NOT NULL,
	CONSTRAINT "worker_change_shard_seq_pk" PRIMARY KEY("shard","seq")
);
--> statement-breakpoint
ALTER TABLE "sync_state" ADD COLUMN "first_caught_up_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "event_worker" ON "event" USING btree ("worker_id","id");--> statement-breakpoint
CREATE INDEX "event_recorded" ON "event" USING btree ("recorded_at");--> statement-breakpoint
CREATE UNIQUE INDEX "gap_open" ON "gap" USING btree ("worker_id","rule","about") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "gap_open_rule" ON "gap" USING btree ("rule","worker_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "gap_updated" ON "gap" USING btree ("updated_at");
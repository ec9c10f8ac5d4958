CREATE UNLOGGED TABLE "link_pair" (
	"a" bigint NOT NULL,
	"b" bigint NOT NULL,
	"bits" double precision NOT NULL,
	"links" boolean NOT NULL,
	"asked" boolean DEFAULT false NOT NULL,
	CONSTRAINT "link_pair_a_b_pk" PRIMARY KEY("a","b")
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "link_run" (
	"model" text PRIMARY KEY NOT NULL,
	"began_at" timestamp (3) with time zone NOT NULL,
	"reached" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "link_model" ADD COLUMN "scores" jsonb;
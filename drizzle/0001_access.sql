ALTER TABLE "api_key" ADD COLUMN "environment" text DEFAULT 'test' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "bounds" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "purposes" text[];--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "networks" text[];--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "replaced_by" text;--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "last_used_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "last_used_from" text;--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "uses" bigint DEFAULT 0 NOT NULL;
#!/bin/sh
# Makes the database with its two roles: one owns and migrates, the service runs as the other, which owns nothing.
# The postgres image runs this once, on an empty volume. Passwords come from files; they reach no command line.
set -eu
secrets=${SECRETS:-/run/secrets}
export OWNER_FILE="$secrets/POSTGRES_OWNER_PASSWORD" SERVICE_FILE="$secrets/POSTGRES_SERVICE_PASSWORD"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set owner `cat "$OWNER_FILE"`
\set service `cat "$SERVICE_FILE"`
CREATE ROLE verwijsroute_owner LOGIN PASSWORD :'owner';
CREATE ROLE verwijsroute_service LOGIN PASSWORD :'service';
CREATE DATABASE verwijsroute OWNER verwijsroute_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE verwijsroute FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE verwijsroute TO verwijsroute_service;
SQL

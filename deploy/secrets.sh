#!/bin/sh
# Makes the files that compose.yaml hands to the containers, in ./secrets; what is there already stays.
# The certificate is for trying out: put your own in TLS_CERTIFICATE and TLS_KEY.
set -eu
folder=${1:-secrets}
mkdir -p "$folder"
chmod 700 "$folder"  # the files themselves are readable: inside of a container another user reads them
make() {
    if [ -e "$folder/$1" ]; then
        cat > /dev/null  # read to its end: who writes it would complain of a broken pipe
    else
        (umask 022 && cat > "$folder/$1")
    fi
}
openssl rand -hex 24 | make POSTGRES_PASSWORD
openssl rand -hex 24 | make POSTGRES_OWNER_PASSWORD
openssl rand -hex 24 | make POSTGRES_SERVICE_PASSWORD
address() { echo "postgresql://verwijsroute_$1:$(cat "$folder/$2")@postgres:5432/verwijsroute"; }
address service POSTGRES_SERVICE_PASSWORD | make DATABASE_URL
address owner POSTGRES_OWNER_PASSWORD | make DATABASE_OWNER_URL
echo "k1:$(openssl rand -base64 32)" | make VERWIJSROUTE_KEY_ENCRYPTION_KEYS
openssl rand -base64 32 | make VERWIJSROUTE_INDEX_KEY
[ -e "$folder/TLS_KEY" ] || {
    openssl req -x509 -newkey rsa:3072 -nodes -days 30 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
        -keyout "$folder/TLS_KEY" -out "$folder/TLS_CERTIFICATE" 2>/dev/null
    chmod 644 "$folder/TLS_KEY"
}
echo "The secrets are in $folder: keep VERWIJSROUTE_* apart from the database, without them it cannot be read."

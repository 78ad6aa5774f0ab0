#!/bin/bash
# What differs between the servers: how each is asked whether it would accept what is on the disk, and how it is told to read it.

accepts_configuration() {
    case $SERVICE in
        nginx) "$NGINX_PROGRAM" -t -q -c "$NGINX_CONFIG" ;;
        haproxy) "$HAPROXY_PROGRAM" -c -q -f "$HAPROXY_CONFIG" ;;
        # Postgres has no such check: it logs that it does not like the pair and goes on with the old one. What it looks at: they belong together.
        postgresql) [ "$(openssl x509 -noout -pubkey -in "$CERTIFICATE")" = "$(openssl pkey -pubout -in "$KEY")" ] ;;
    esac
}

reload_service() {
    case $SERVICE in
        nginx) "$NGINX_PROGRAM" -c "$NGINX_CONFIG" -s reload ;;
        haproxy) kill -USR2 "$(head -n 1 -- "$HAPROXY_PID_FILE")" ;;
        postgresql) kill -HUP "$(head -n 1 -- "$POSTGRES_DATA/postmaster.pid")" ;;
    esac
}

/*
 * wire_tls.c - TLS under a client's connection, by OpenSSL.
 *
 * Invariants:
 *  1. The socket does not block here either: what OpenSSL waits for, wire.c waits for.
 *  2. Nothing that came in the clear is read after the client has asked for TLS.
 * A WireTls is read only once it is open, by every thread; a connection's own state belongs to the thread that serves it.
 */
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/wire_int.h"

struct WireTls {
    SSL_CTX *context;
    unsigned char end_point[EVP_MAX_MD_SIZE]; /* RFC 5929, tls-server-end-point: what channel binding binds to */
    unsigned end_point_length;                /* 0: of a certificate whose signature has no hash */
};

/* ---- the certificate ---- */

/* A server asks nobody for a passphrase. */
static int no_passphrase(char *out, int size, int writes, void *arg)
{
    return 0;
}

static bool fail(Error *error, const char *what, const char *file)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    error_set(error, ERRCODE_CONFIG_FILE_ERROR, "could not load %s file \"%s\": %s", what, file, reason ? reason : "unknown error");
    ERR_clear_error();
    return false;
}

/* As PostgreSQL asks for it: a key that others may read, or put another in the place of, is none. */
static bool check_key_file(const char *file, Error *error)
{
    struct stat info;
    if (stat(file, &info) != 0)
        return error_set(error, ERRCODE_CONFIG_FILE_ERROR, "could not access private key file \"%s\": %s", file, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return error_set(error, ERRCODE_CONFIG_FILE_ERROR, "private key file \"%s\" is not a regular file", file);
    if (info.st_uid != geteuid() && info.st_uid != 0)
        return error_set(error, ERRCODE_CONFIG_FILE_ERROR, "private key file \"%s\" must be owned by the database user or root", file);
    mode_t others = info.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    return !(info.st_mode & others) ||
           error_set(error, ERRCODE_CONFIG_FILE_ERROR, "private key file \"%s\" has group or world access", file);
}

static bool load(WireTls *tls, const char *certificate, const char *key, Error *error)
{
    SSL_CTX_set_default_passwd_cb(tls->context, no_passphrase);
    if (SSL_CTX_use_certificate_chain_file(tls->context, certificate) != 1)
        return fail(error, "server certificate", certificate);
    if (!check_key_file(key, error))
        return false;
    if (SSL_CTX_use_PrivateKey_file(tls->context, key, SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(tls->context) != 1)
        return fail(error, "private key", key);
    return true;
}

/* By the hash of the certificate's signature, MD5 and SHA-1 replaced by SHA-256 (RFC 5929, section 4.1). */
static void find_end_point(WireTls *tls)
{
    int hash;
    X509 *certificate = SSL_CTX_get0_certificate(tls->context);
    if (!certificate || !X509_get_signature_info(certificate, &hash, NULL, NULL, NULL))
        return;
    const EVP_MD *digest = hash == NID_md5 || hash == NID_sha1 ? EVP_sha256() : EVP_get_digestbynid(hash);
    if (!digest || !X509_digest(certificate, digest, tls->end_point, &tls->end_point_length))
        tls->end_point_length = 0;
}

static void free_context(void *context)
{
    SSL_CTX_free(context);
}

WireTls *wire_tls_open(const char *certificate, const char *key, Arena *arena, Error *error)
{
    WireTls *tls = ARENA_NEW(arena, WireTls);
    tls->context = SSL_CTX_new(TLS_server_method());
    if (!tls->context)
        return fail(error, "server certificate", certificate), NULL;
    arena_defer(arena, free_context, tls->context);
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_options(tls->context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(tls->context, 0);
    SSL_CTX_set_mode(tls->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    if (!load(tls, certificate, key, error))
        return NULL;
    find_end_point(tls);
    return tls;
}

/* ---- a connection ---- */

/* What the connection waits for; 0: it has failed, or ended. */
static short events_of(SSL *ssl, int result)
{
    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return POLLIN;
    case SSL_ERROR_WANT_WRITE:
        return POLLOUT;
    default:
        return 0;
    }
}

/* Told by way of TLS: only the client, not who has put it in between, reads that. */
static bool refuse_cleartext(const Wire *wire, Error *error)
{
    if (wire->in.start == wire->in.end)
        return true;
    error_set(error, ERRCODE_PROTOCOL_VIOLATION, "received unencrypted data after SSL request");
    return error_detail(error, "This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.");
}

bool wire_tls_accept(Wire *wire, const WireTls *tls, Error *error)
{
    ERR_clear_error();
    wire->ssl = SSL_new(tls->context);
    wire->tls = tls;
    if (!wire->ssl || SSL_set_fd(wire->ssl, wire->fd) != 1)
        return false;
    for (;;) {
        ERR_clear_error();
        int done = SSL_accept(wire->ssl);
        if (done == 1)
            return refuse_cleartext(wire, error);
        short events = events_of(wire->ssl, done);
        const char *reason = ERR_reason_error_string(ERR_peek_error());
        if (!events || !wire_wait(wire, events)) {
            wire->broken = true; /* nobody there understands an answer: this is for the log */
            return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "could not accept SSL connection: %s",
                             events   ? "it was not completed in time"
                             : reason ? reason
                                      : "EOF detected");
        }
    }
}

/* As recv and send, with errno EAGAIN and *events where there is to be waited for. */
static ssize_t outcome(Wire *wire, int result, short *events)
{
    if (result > 0)
        return result;
    *events = events_of(wire->ssl, result);
    if (!*events && SSL_get_error(wire->ssl, result) == SSL_ERROR_ZERO_RETURN)
        return 0;
    bool is_cut_off = !*events && !ERR_peek_error() && (errno == 0 || result == 0);
    errno = *events ? EAGAIN : ECONNRESET;
    return is_cut_off ? 0 : -1;
}

ssize_t wire_tls_read(Wire *wire, void *bytes, size_t size, short *events)
{
    ERR_clear_error();
    errno = 0;
    return outcome(wire, SSL_read(wire->ssl, bytes, size < INT_MAX ? (int)size : INT_MAX), events);
}

ssize_t wire_tls_write(Wire *wire, const void *bytes, size_t size, short *events)
{
    ERR_clear_error();
    errno = 0;
    return outcome(wire, SSL_write(wire->ssl, bytes, size < INT_MAX ? (int)size : INT_MAX), events);
}

bool wire_tls_has_read(const Wire *wire)
{
    return SSL_pending(wire->ssl) > 0;
}

void wire_tls_close(Wire *wire)
{
    if (!wire->ssl)
        return;
    ERR_clear_error();
    if (!wire->broken && SSL_is_init_finished(wire->ssl))
        SSL_shutdown(wire->ssl);
    SSL_free(wire->ssl);
    wire->ssl = NULL;
}

bool wire_tls_shown(const Wire *wire, WireTlsShown *out)
{
    *out = (WireTlsShown){0};
    if (!wire->ssl)
        return false;
    out->version = SSL_get_version(wire->ssl);
    out->cipher = SSL_get_cipher_name(wire->ssl);
    out->bits = SSL_get_cipher_bits(wire->ssl, NULL);
    return true;
}

size_t wire_tls_end_point(const Wire *wire, const unsigned char **out)
{
    *out = wire->tls ? wire->tls->end_point : NULL;
    return wire->tls ? wire->tls->end_point_length : 0;
}

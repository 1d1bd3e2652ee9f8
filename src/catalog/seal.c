/*
 * seal.c - the sealing key and sealed values: secrets lie in the catalog file encrypted (XChaCha20-Poly1305, libsodium).
 *
 * Invariants:
 *  1. The key lies outside the data directory, in a file only its owner can read; it is never logged nor put into an error.
 *  2. A sealed value is one version byte, a fresh random nonce, and the sealed text; the OID of its row is authenticated
 *     with it, so that a value moved to another row cannot be unsealed.
 *
 * Threads: key file: the one that opens the store. SQL functions: any; they only read the key.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/catalog_internal.h"
#include "catalog/seal.h"

enum {
    SEAL_VERSION = 1,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEADER = 1 + NONCE,
    HEX_KEY = SEAL_KEY_BYTES * 2,
};

static bool file_error(Error *error, const char *doing, const char *path)
{
    return error_set(error, ERRCODE_IO_ERROR, "could not %s sealing key file \"%s\": %s", doing, path, strerror(errno));
}

/* The folders on the way to `path`. */
static void make_parents(const char *path)
{
    char folder[4096];
    if (snprintf(folder, sizeof folder, "%s", path) >= (int)sizeof folder)
        return;
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0700);
        *slash = '/';
    }
}

/* A key that a power failure takes away takes what it has sealed with it. */
static bool sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[4096];
    int len = slash ? snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path)
                    : snprintf(folder, sizeof folder, ".");
    int fd = len < (int)sizeof folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool create_key(const char *path, unsigned char *key, Error *error)
{
    char text[HEX_KEY + 2];
    make_parents(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_error(error, "create", path);
    randombytes_buf(key, SEAL_KEY_BYTES);
    sodium_bin2hex(text, sizeof text, key, SEAL_KEY_BYTES);
    text[HEX_KEY] = '\n';
    bool ok = write(fd, text, HEX_KEY + 1) == HEX_KEY + 1 && fsync(fd) == 0 && sync_folder(path);
    sodium_memzero(text, sizeof text);
    if (!ok) {
        file_error(error, "write", path);
        unlink(path);
    }
    close(fd);
    return ok;
}

static bool read_key(int fd, const char *path, unsigned char *key, Error *error)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return file_error(error, "read", path);
    if (info.st_uid != geteuid() && info.st_uid != 0) /* its owner knows what is in it, whatever its mode is now */
        return error_set(error, ERRCODE_CONFIG_FILE_ERROR, "sealing key file \"%s\" must be owned by the server's user or root", path);
    if (info.st_mode & 077) {
        error_set(error, ERRCODE_CONFIG_FILE_ERROR, "sealing key file \"%s\" has group or world access", path);
        return error_detail(error, "File must have permissions u=rw (0600) or less.");
    }
    char text[HEX_KEY + 1];
    ssize_t got = read(fd, text, sizeof text);
    if (got < 0)
        return file_error(error, "read", path);
    size_t len = 0;
    bool ok = got >= HEX_KEY && sodium_hex2bin(key, SEAL_KEY_BYTES, text, HEX_KEY, NULL, &len, NULL) == 0 && len == SEAL_KEY_BYTES;
    sodium_memzero(text, sizeof text);
    return ok || error_set(error, ERRCODE_CONFIG_FILE_ERROR, "sealing key file \"%s\" does not contain a key", path);
}

bool seal_read_key(const char *path, bool may_create, unsigned char key[SEAL_KEY_BYTES], Error *error)
{
    if (sodium_init() < 0)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "could not initialize libsodium");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT && may_create)
            return create_key(path, key, error);
        return file_error(error, "open", path);
    }
    bool ok = read_key(fd, path, key, error);
    close(fd);
    return ok;
}

void catalog_store_derive(const CatalogStore *store, const char *purpose, unsigned char out[32])
{
    crypto_generichash(out, 32, (const unsigned char *)purpose, strlen(purpose), store->key, sizeof store->key);
}

static void seal(sqlite3_context *context, int argc, sqlite3_value **args)
{
    if (sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    const unsigned char *text = sqlite3_value_text(args[0]);
    size_t len = (size_t)sqlite3_value_bytes(args[0]);
    int64_t owner = sqlite3_value_int64(args[1]);
    unsigned char *sealed = sqlite3_malloc64(HEADER + len + TAG);
    if (!sealed) {
        sqlite3_result_error_nomem(context);
        return;
    }
    sealed[0] = SEAL_VERSION;
    randombytes_buf(sealed + 1, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + HEADER, NULL, text, len, (const unsigned char *)&owner, sizeof owner, NULL,
                                               sealed + 1, sqlite3_user_data(context));
    sqlite3_result_blob64(context, sealed, HEADER + len + TAG, sqlite3_free);
}

static void unseal(sqlite3_context *context, int argc, sqlite3_value **args)
{
    if (sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    const unsigned char *sealed = sqlite3_value_blob(args[0]);
    size_t len = (size_t)sqlite3_value_bytes(args[0]);
    int64_t owner = sqlite3_value_int64(args[1]);
    if (len < HEADER + TAG || sealed[0] != SEAL_VERSION) {
        sqlite3_result_error(context, "a sealed value is damaged", -1);
        sqlite3_result_error_code(context, SQLITE_CORRUPT);
        return;
    }
    size_t plain = len - HEADER - TAG;
    unsigned char *text = sqlite3_malloc64(plain + 1);
    if (!text) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, sealed + HEADER, len - HEADER, (const unsigned char *)&owner,
                                                   sizeof owner, sealed + 1, sqlite3_user_data(context)) != 0) {
        sqlite3_free(text);
        sqlite3_result_error(context, "a sealed value does not fit the sealing key", -1);
        sqlite3_result_error_code(context, SQLITE_CORRUPT);
        return;
    }
    sqlite3_result_text64(context, (const char *)text, plain, sqlite3_free, SQLITE_UTF8);
}

bool seal_register(sqlite3 *handle, const unsigned char *key)
{
    static const struct {
        const char *name;
        void (*fn)(sqlite3_context *, int, sqlite3_value **);
    } FUNCTIONS[] = {{"seal", seal}, {"unseal", unseal}};
    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++)
        if (sqlite3_create_function_v2(handle, FUNCTIONS[i].name, 2, SQLITE_UTF8, (void *)key, FUNCTIONS[i].fn, NULL, NULL, NULL) !=
            SQLITE_OK)
            return false;
    return true;
}

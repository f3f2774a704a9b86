/*
 * Tokens that two clients share through a store of the program: one that works, one that fails, one that hangs, one whose
 * record never fits.
 *
 *   token_store TENANT CLIENT_ID CERTIFICATE_FILE
 *
 * TENANT names an emulator that knows the application by the certificate, whose file holds the key too. Ends with 1 when
 * something is not as it should be.
 */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "graphtoken.h"

#define LARGEST (256 * 1024)

/* Room for one record and one lock, and what became of it. All under the lock, because any thread may come. */
typedef struct Shelf {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    char name[128];
    uint8_t record[LARGEST];
    uint64_t record_len;
    uint64_t lifetime_seconds;
    char owner[64];
    int reads;
    int writes;
    int is_broken;
    int hangs;
    int grows;
    int releases;
} Shelf;

static Shelf *begin(void *context)
{
    Shelf *shelf = context;

    pthread_mutex_lock(&shelf->mutex);
    return shelf;
}

static int32_t end(Shelf *shelf, int32_t outcome)
{
    int is_broken = shelf->is_broken;

    pthread_mutex_unlock(&shelf->mutex);
    return is_broken ? 42 : outcome;
}

static int has(const Shelf *shelf, const uint8_t *name)
{
    return shelf->record_len > 0 && strcmp(shelf->name, (const char *)name) == 0;
}

static int32_t read_record(void *context, const uint8_t *name, uint64_t name_len, uint8_t *record,
                           uint64_t record_capacity, uint64_t *record_len)
{
    Shelf *shelf = begin(context);

    shelf->reads++;
    while (shelf->hangs) {
        pthread_cond_wait(&shelf->changed, &shelf->mutex);
    }
    if (name_len != strlen((const char *)name) || strncmp((const char *)name, "graphtoken:", 11) != 0) {
        shelf->is_broken = 1;
    }
    if (shelf->grows) {
        *record_len = record_capacity + 1;
        return end(shelf, 0);
    }
    if (!has(shelf, name)) {
        return end(shelf, GT_TOKEN_STORE_NONE);
    }
    *record_len = shelf->record_len;
    if (shelf->record_len <= record_capacity) {
        memcpy(record, shelf->record, (size_t)shelf->record_len);
    }
    return end(shelf, 0);
}

static int32_t write_record(void *context, const uint8_t *name, uint64_t name_len, const uint8_t *record,
                            uint64_t record_len, uint64_t lifetime_seconds)
{
    Shelf *shelf = begin(context);

    shelf->writes++;
    if (name_len >= sizeof shelf->name || record_len > LARGEST) {
        return end(shelf, 1);
    }
    memcpy(shelf->name, name, (size_t)name_len + 1);
    memcpy(shelf->record, record, (size_t)record_len);
    shelf->record_len = record_len;
    shelf->lifetime_seconds = lifetime_seconds;
    return end(shelf, 0);
}

static int32_t remove_record(void *context, const uint8_t *name, uint64_t name_len)
{
    Shelf *shelf = begin(context);

    (void)name_len;
    if (has(shelf, name)) {
        shelf->record_len = 0;
    }
    return end(shelf, 0);
}

static int32_t take_lock(void *context, const uint8_t *name, uint64_t name_len, const uint8_t *owner,
                         uint64_t owner_len, uint64_t lifetime_seconds)
{
    Shelf *shelf = begin(context);

    (void)name, (void)name_len;
    if (owner_len >= sizeof shelf->owner || lifetime_seconds == 0) {
        return end(shelf, 1);
    }
    if (shelf->owner[0] != '\0') {
        return end(shelf, GT_TOKEN_STORE_NONE);
    }
    memcpy(shelf->owner, owner, (size_t)owner_len + 1);
    return end(shelf, 0);
}

static int32_t give_lock_back(void *context, const uint8_t *name, uint64_t name_len, const uint8_t *owner,
                              uint64_t owner_len)
{
    Shelf *shelf = begin(context);

    (void)name, (void)name_len, (void)owner_len;
    if (strcmp(shelf->owner, (const char *)owner) == 0) {
        shelf->owner[0] = '\0';
    }
    return end(shelf, 0);
}

static void release_shelf(void *context)
{
    Shelf *shelf = begin(context);

    shelf->releases++;
    pthread_cond_broadcast(&shelf->changed);
    pthread_mutex_unlock(&shelf->mutex);
}

static Shelf *new_shelf(void)
{
    Shelf *shelf = calloc(1, sizeof *shelf);

    if (shelf == NULL) {
        abort();
    }
    pthread_mutex_init(&shelf->mutex, NULL);
    pthread_cond_init(&shelf->changed, NULL);
    return shelf;
}

/* Waits until the engine has let go of the shelf. */
static void free_shelf(Shelf *shelf)
{
    pthread_mutex_lock(&shelf->mutex);
    while (shelf->releases == 0) {
        pthread_cond_wait(&shelf->changed, &shelf->mutex);
    }
    pthread_mutex_unlock(&shelf->mutex);
    if (shelf->releases != 1) {
        fail(__LINE__, "the store was not released once");
    }
    pthread_mutex_destroy(&shelf->mutex);
    pthread_cond_destroy(&shelf->changed);
    free(shelf);
}

static gt_options *options_of(Shelf *shelf)
{
    gt_token_store *store = NULL;
    gt_options *options = NULL;

    EXPECT(GT_STATUS_OK, gt_token_store_new(shelf, read_record, write_record, remove_record, take_lock, give_lock_back,
                                            release_shelf, text_of("0123456789abcdef0123456789abcdef"), &store,
                                            &error));
    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_options_set_token_store(options, store, &error));
    gt_token_store_free(store);
    return options;
}

/* A client with a memory of its own. */
static gt_client *client_of(char **arguments, const gt_options *options)
{
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_certificate_new_from_file(text_of(arguments[3]), none, none, &certificate, &error));
    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &credential, &error));
    EXPECT(GT_STATUS_OK,
           gt_client_new(text_of(arguments[1]), text_of(arguments[2]), credential, options, &client, &error));
    gt_credential_free(credential);
    gt_certificate_free(certificate);
    return client;
}

/* Gets a token with a new client, checks where it comes from, and that the shelf does not show it. */
static void acquire(char **arguments, const gt_options *options, int32_t expected_source, Shelf *shelf)
{
    gt_client *client = client_of(arguments, options);
    gt_request *request = NULL;
    gt_token *token = NULL;
    GtStr text = none;
    int32_t source = -1;
    uint64_t start;

    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    EXPECT(GT_STATUS_OK, gt_client_acquire(client, request, NULL, &token, &error));
    EXPECT(GT_STATUS_OK, gt_token_source(token, &source));
    EXPECT(GT_STATUS_OK, gt_token_access_token(token, &text));
    if (source != expected_source || text.len < 64) {
        fail(__LINE__, "the token does not come from where it should");
    }
    pthread_mutex_lock(&shelf->mutex);
    for (start = 0; start + 16 <= shelf->record_len; start++) {
        if (memcmp(shelf->record + start, text.data, 16) == 0) {
            fail(__LINE__, "the record shows the token");
        }
    }
    pthread_mutex_unlock(&shelf->mutex);
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
}

static void two_clients(char **arguments)
{
    Shelf *shelf = new_shelf();
    gt_options *options = options_of(shelf);

    acquire(arguments, options, GT_TOKEN_SOURCE_KIND_NETWORK, shelf);
    acquire(arguments, options, GT_TOKEN_SOURCE_KIND_CACHE, shelf);
    if (shelf->writes != 1 || shelf->owner[0] != '\0') {
        fail(__LINE__, "the token was not written once, or the lock is still there");
    }
    if (shelf->lifetime_seconds == 0 || shelf->lifetime_seconds > 3600) {
        fail(__LINE__, "the lifetime is not the token's");
    }
    /* A record that needs more room than there is at first, and that nobody can open. */
    shelf->record_len = LARGEST;
    shelf->reads = 0;
    acquire(arguments, options, GT_TOKEN_SOURCE_KIND_NETWORK, shelf);
    if (shelf->reads != 2 || shelf->record_len == LARGEST) {
        fail(__LINE__, "the record was not read with more room, or not replaced");
    }
    gt_options_free(options);
    free_shelf(shelf);
}

static void a_store_that_fails(char **arguments)
{
    Shelf *shelf = new_shelf();
    gt_options *options = options_of(shelf);

    shelf->is_broken = 1;
    acquire(arguments, options, GT_TOKEN_SOURCE_KIND_NETWORK, shelf);
    acquire(arguments, options, GT_TOKEN_SOURCE_KIND_NETWORK, shelf);
    if (shelf->writes != 0) {
        fail(__LINE__, "the store was not left alone");
    }
    gt_options_free(options);
    free_shelf(shelf);
}

static void a_store_that_hangs(char **arguments)
{
    Shelf *shelf = new_shelf();
    gt_options *options = options_of(shelf);

    shelf->hangs = 1;
    acquire(arguments, options, GT_TOKEN_SOURCE_KIND_NETWORK, shelf);
    gt_options_free(options);
    pthread_mutex_lock(&shelf->mutex);
    if (shelf->releases != 0) {
        fail(__LINE__, "the store was released while it was called");
    }
    shelf->hangs = 0;
    pthread_cond_broadcast(&shelf->changed);
    pthread_mutex_unlock(&shelf->mutex);
    free_shelf(shelf);
}

static void a_record_that_never_fits(char **arguments)
{
    Shelf *shelf = new_shelf();
    gt_options *options = options_of(shelf);

    shelf->grows = 1;
    acquire(arguments, options, GT_TOKEN_SOURCE_KIND_NETWORK, shelf);
    if (shelf->reads != 3) {
        fail(__LINE__, "the record was not read three times");
    }
    gt_options_free(options);
    free_shelf(shelf);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: token_store TENANT CLIENT_ID CERTIFICATE_FILE\n", stderr);
        return 2;
    }
    two_clients(argv);
    a_store_that_fails(argv);
    a_store_that_hangs(argv);
    a_record_that_never_fits(argv);
    return failures == 0 ? 0 : 1;
}

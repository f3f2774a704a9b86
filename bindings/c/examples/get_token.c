/*
 * From a certificate to a token.
 *
 *   cc -std=c99 -I bindings/c bindings/c/examples/get_token.c -L target/release -lgraphtoken -o get_token
 *   LD_LIBRARY_PATH=target/release ./get_token contoso.onmicrosoft.com CLIENT_ID app.pem
 *
 * Prints the token on standard output and everything else on standard error. Ends with 0 when it has a token, with 1
 * when it has none, and with 2 when the arguments make no sense.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "graphtoken.h"

static const char usage[] =
    "usage: get_token TENANT CLIENT_ID CERTIFICATE_FILE [options]\n"
    "\n"
    "  TENANT                  a GUID, a domain, or a whole authority URL\n"
    "  CERTIFICATE_FILE        PEM or PFX, with the private key\n"
    "  -c FILE                 the file holds the password of the certificate file\n"
    "  -u NAME -p FILE         ask for this user; the file holds the user's password\n"
    "  -s SCOPES               separated by spaces; default: all that was granted on Graph\n";

/* What the command line says. Pointers that were not given are NULL. */
typedef struct Arguments {
    const char *tenant;
    const char *client_id;
    const char *certificate_file;
    const char *certificate_password_file;
    const char *user_name;
    const char *user_password_file;
    const char *scopes;
} Arguments;

/* Everything that the library gives out. Each member is NULL until it is made, and every _free takes NULL. */
typedef struct Handles {
    gt_certificate *certificate;
    gt_credential *credential;
    gt_client *client;
    gt_request *request;
    gt_token *token;
    gt_error *error;
} Handles;

/* A secret from a file. `text` is "none" until it is read. */
typedef struct Secret {
    uint8_t bytes[4096];
    GtStr text;
} Secret;

static int parse(int count, char **words, Arguments *arguments);
static int library_fits(void);
static int read_secret(const char *path, Secret *secret);
static int32_t get_token(const Arguments *arguments, const Secret *certificate_password, const Secret *user_password,
                         Handles *handles);
static void print_token(const gt_token *token);
static void print_error(int32_t status, const gt_error *error);
static void free_all(Handles *handles);
static void wipe(Secret *secret);

int main(int argc, char **argv)
{
    Arguments arguments = {0};
    Secret certificate_password = {0};
    Secret user_password = {0};
    Handles handles = {0};
    int32_t status = GT_STATUS_INVALID_ARGUMENT;

    if (!parse(argc, argv, &arguments)) {
        fputs(usage, stderr);
        return 2;
    }
    if (!library_fits()) {
        return 1;
    }
    if (read_secret(arguments.certificate_password_file, &certificate_password)
        && read_secret(arguments.user_password_file, &user_password)) {
        status = get_token(&arguments, &certificate_password, &user_password, &handles);
        if (status == GT_STATUS_OK) {
            print_token(handles.token);
        } else {
            print_error(status, handles.error);
        }
    }
    free_all(&handles);
    wipe(&certificate_password);
    wipe(&user_password);
    return status == GT_STATUS_OK ? 0 : 1;
}

static GtStr text_of(const char *text)
{
    GtStr view = {NULL, 0};
    if (text != NULL) {
        view.data = (const uint8_t *)text;
        view.len = strlen(text);
    }
    return view;
}

/* One line, unless there is nothing to say. Text from the library is not NUL-terminated. */
static void print_text(const char *label, GtStr text)
{
    if (text.len > 0) {
        fprintf(stderr, "%s: %.*s\n", label, (int)text.len, (const char *)text.data);
    }
}

static int32_t get_token(const Arguments *arguments, const Secret *certificate_password, const Secret *user_password,
                         Handles *handles)
{
    const GtStr same_file = {NULL, 0};
    GtStr warning = {NULL, 0};
    int32_t status;

    status = gt_certificate_new_from_file(text_of(arguments->certificate_file), same_file, certificate_password->text,
                                          &handles->certificate, &handles->error);
    if (status != GT_STATUS_OK) {
        return status;
    }
    /* An expired certificate is no error here: whether it is good enough is for the service to say. */
    if (gt_certificate_warning(handles->certificate, &warning) == GT_STATUS_OK) {
        print_text("warning", warning);
    }
    status = gt_credential_new_certificate(handles->certificate, &handles->credential, &handles->error);
    if (status != GT_STATUS_OK) {
        return status;
    }
    status = gt_client_new(text_of(arguments->tenant), text_of(arguments->client_id), handles->credential, NULL,
                           &handles->client, &handles->error);
    if (status != GT_STATUS_OK) {
        return status;
    }
    if (arguments->user_name != NULL) {
        status = gt_request_new_password(text_of(arguments->scopes), text_of(arguments->user_name), user_password->text,
                                         NULL, &handles->request, &handles->error);
    } else {
        status = gt_request_new_client_credentials(text_of(arguments->scopes), NULL, &handles->request,
                                                   &handles->error);
    }
    if (status != GT_STATUS_OK) {
        return status;
    }
    /* A program that needs tokens for long keeps the client and the request and calls this whenever it needs one: the
       client answers from its cache until the token is about to expire. */
    return gt_client_acquire(handles->client, handles->request, NULL, &handles->token, &handles->error);
}

static void print_token(const gt_token *token)
{
    GtStr text = {NULL, 0};
    int64_t expires_on = 0;

    if (gt_token_token_type(token, &text) == GT_STATUS_OK) {
        print_text("type", text);
    }
    if (gt_token_scopes(token, &text) == GT_STATUS_OK) {
        print_text("scopes", text);
    }
    if (gt_token_username(token, &text) == GT_STATUS_OK) {
        print_text("user", text);
    }
    if (gt_token_expires_on(token, &expires_on) == GT_STATUS_OK && expires_on != 0) {
        fprintf(stderr, "expires on: %" PRId64 " (seconds since 1970)\n", expires_on);
    }
    if (gt_token_access_token(token, &text) == GT_STATUS_OK) {
        /* The library overwrites its copy when the token is freed; without a buffer stdio keeps none. */
        setvbuf(stdout, NULL, _IONBF, 0);
        fwrite(text.data, 1, (size_t)text.len, stdout);
        fputc('\n', stdout);
    }
}

static void print_service_codes(const gt_error *error)
{
    uint64_t count = 0;
    uint64_t index;

    if (gt_error_service_code_count(error, &count) != GT_STATUS_OK) {
        return;
    }
    for (index = 0; index < count; index++) {
        uint32_t code = 0;
        if (gt_error_service_code(error, index, &code) == GT_STATUS_OK) {
            fprintf(stderr, "service code: AADSTS%" PRIu32 "\n", code);
        }
    }
}

/* Everything that an error knows. Programs decide by the status and the service codes; the texts are for people. */
static void print_error(int32_t status, const gt_error *error)
{
    GtStr text = {NULL, 0};
    int32_t http_status = 0;
    int64_t retry_after = -1;

    fprintf(stderr, "status: %" PRId32 "\n", status);
    if (gt_error_message(error, &text) == GT_STATUS_OK) {
        print_text("error", text);
    }
    if (gt_error_hint(error, &text) == GT_STATUS_OK) {
        print_text("hint", text);
    }
    if (gt_error_oauth_error(error, &text) == GT_STATUS_OK) {
        print_text("OAuth error", text);
    }
    if (gt_error_suberror(error, &text) == GT_STATUS_OK) {
        print_text("suberror", text);
    }
    print_service_codes(error);
    if (gt_error_http_status(error, &http_status) == GT_STATUS_OK && http_status != 0) {
        fprintf(stderr, "HTTP status: %" PRId32 "\n", http_status);
    }
    if (gt_error_retry_after(error, &retry_after) == GT_STATUS_OK && retry_after >= 0) {
        fprintf(stderr, "retry after: %" PRId64 " seconds\n", retry_after);
    }
    if (gt_error_correlation_id(error, &text) == GT_STATUS_OK) {
        print_text("correlation id", text);
    }
    if (gt_error_trace_id(error, &text) == GT_STATUS_OK) {
        print_text("trace id", text);
    }
    if (gt_error_claims(error, &text) == GT_STATUS_OK) {
        print_text("claims challenge", text);
    }
}

static void free_all(Handles *handles)
{
    gt_error_free(handles->error);
    gt_token_free(handles->token);
    gt_request_free(handles->request);
    gt_client_free(handles->client);
    gt_credential_free(handles->credential);
    gt_certificate_free(handles->certificate);
}

static int library_fits(void)
{
    uint32_t abi_version = 0;
    GtStr library_version = {NULL, 0};

    if (gt_version(&abi_version, &library_version) == GT_STATUS_OK && abi_version == GT_ABI_VERSION) {
        return 1;
    }
    fprintf(stderr, "error: this program needs ABI version %d; the library has %" PRIu32 "\n", GT_ABI_VERSION,
            abi_version);
    return 0;
}

static int parse(int count, char **words, Arguments *arguments)
{
    int index;

    if (count < 4) {
        return 0;
    }
    arguments->tenant = words[1];
    arguments->client_id = words[2];
    arguments->certificate_file = words[3];
    for (index = 4; index + 1 < count; index += 2) {
        if (strcmp(words[index], "-c") == 0) {
            arguments->certificate_password_file = words[index + 1];
        } else if (strcmp(words[index], "-u") == 0) {
            arguments->user_name = words[index + 1];
        } else if (strcmp(words[index], "-p") == 0) {
            arguments->user_password_file = words[index + 1];
        } else if (strcmp(words[index], "-s") == 0) {
            arguments->scopes = words[index + 1];
        } else {
            return 0;
        }
    }
    return index == count && (arguments->user_name == NULL) == (arguments->user_password_file == NULL);
}

/* Secrets come from files: every user of a machine can see the arguments of a program. No path is no secret. */
static int read_secret(const char *path, Secret *secret)
{
    FILE *file;
    size_t len;
    int whole;

    if (path == NULL) {
        return 1;
    }
    file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "error: %s cannot be read\n", path);
        return 0;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no second copy in a buffer of stdio */
    len = fread(secret->bytes, 1, sizeof secret->bytes, file);
    whole = len < sizeof secret->bytes && !ferror(file);
    fclose(file);
    if (!whole) {
        fprintf(stderr, "error: %s is not a file with one secret\n", path);
        return 0;
    }
    if (len > 0 && secret->bytes[len - 1] == '\n') {
        len--;
    }
    if (len > 0 && secret->bytes[len - 1] == '\r') {
        len--;
    }
    secret->text.data = secret->bytes;
    secret->text.len = len;
    return 1;
}

/* Through a volatile pointer, so that the compiler cannot leave the writes out. */
static void wipe(Secret *secret)
{
    volatile uint8_t *byte = secret->bytes;
    size_t left = sizeof secret->bytes;

    while (left-- > 0) {
        *byte++ = 0;
    }
}

/*
 * One call that fails, and everything that the library says of it.
 *
 *   errors get|read-cache|clear-cache [OPTION VALUE]...
 *
 * The options are those of graph-token. Prints the status, and a line for each text of the error. Ends with 1 when the
 * call succeeded.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graphtoken.h"

/* The options of graph-token that are options of a client. */
static const char *const client_options[][2] = {
    {"--authority", "authority"},
    {"--timeout", "http.timeout_seconds"},
    {"--retries", "http.retries"},
    {"--proxy", "http.proxy"},
    {"--ca-file", "http.ca_file"},
    {"--token-cache", "cache.name"},
    {"--token-cache-folder", "cache.folder"},
    {"--token-cache-protection", "cache.protection"},
    {"--redis", "cache.redis"},
};

/* Those whose value is the name of a file with a secret. */
static const char *const secret_options[][2] = {
    {"--cache-key-file", "cache.key"},
    {"--redis-password-file", "cache.redis_password"},
};

#define EACH(row, rows) for (row = rows; row < rows + sizeof rows / sizeof *rows; row++)

static const GtStr none = {NULL, 0};

static int count;
static char **arguments;

static GtStr text_of(const char *text)
{
    GtStr view = {NULL, 0};

    if (text != NULL) {
        view.data = (const uint8_t *)text;
        view.len = strlen(text);
    }
    return view;
}

/* The value of an option; NULL if it is not given. */
static const char *value_of(const char *option)
{
    int i;

    for (i = 2; i + 1 < count; i += 2) {
        if (strcmp(arguments[i], option) == 0) {
            return arguments[i + 1];
        }
    }
    return NULL;
}

/* The content of the file that an option names; none if it is not given. The program ends before it would be freed. */
static GtStr content_of(const char *option)
{
    GtStr content = {NULL, 0};
    const char *path = value_of(option);
    FILE *file = path == NULL ? NULL : fopen(path, "rb");
    char *buffer = malloc(4096);

    if (file == NULL || buffer == NULL) {
        free(buffer);
        return content;
    }
    content.data = (const uint8_t *)buffer;
    content.len = fread(buffer, 1, 4096, file);
    fclose(file);
    return content;
}

static void print(const char *name, GtStr text)
{
    if (text.len > 0) {
        printf("%s: %.*s\n", name, (int)text.len, (const char *)text.data);
    }
}

/* Prints everything about an error, and ends the program. */
static void end_with(int32_t status, const gt_error *error)
{
    static const struct {
        const char *name;
        int32_t (*read)(const gt_error *error, GtStr *text_out);
    } texts[] = {
        {"message", gt_error_message},
        {"hint", gt_error_hint},
        {"error", gt_error_oauth_error},
        {"suberror", gt_error_suberror},
        {"correlation id", gt_error_correlation_id},
        {"trace id", gt_error_trace_id},
        {"claims", gt_error_claims},
    };
    GtStr text = none;
    size_t i;
    int32_t surface;

    printf("status: %" PRId32 "\n", status);
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].read(error, &text) == GT_STATUS_OK) {
            print(texts[i].name, text);
        }
    }
    for (surface = 0; gt_error_message_on(error, surface, &text) == GT_STATUS_OK; surface++) {
        print("message", text);
        if (gt_error_hint_on(error, surface, &text) == GT_STATUS_OK) {
            print("hint", text);
        }
    }
    exit(status == GT_STATUS_OK ? 1 : 0);
}

/* Ends the program unless a call succeeded. */
#define DO(call)                                                                                                       \
    do {                                                                                                               \
        int32_t status = (call);                                                                                       \
        if (status != GT_STATUS_OK) {                                                                                  \
            end_with(status, error);                                                                                   \
        }                                                                                                              \
    } while (0)

static gt_error *error;

static gt_options *options(void)
{
    const char *const(*row)[2];
    gt_options *made = NULL;

    DO(gt_options_new(&made, &error));
    EACH(row, client_options)
    {
        if (value_of((*row)[0]) != NULL) {
            DO(gt_options_set(made, text_of((*row)[1]), text_of(value_of((*row)[0])), &error));
        }
    }
    EACH(row, secret_options)
    {
        if (value_of((*row)[0]) != NULL) {
            DO(gt_options_set(made, text_of((*row)[1]), content_of((*row)[0]), &error));
        }
    }
    return made;
}

/* NULL if no proof of an application is given. */
static gt_credential *credential(void)
{
    gt_certificate *certificate = NULL;
    gt_credential *made = NULL;

    if (value_of("--client-secret-file") != NULL) {
        DO(gt_credential_new_secret(content_of("--client-secret-file"), &made, &error));
    } else if (value_of("--client-assertion-file") != NULL) {
        DO(gt_credential_new_assertion(content_of("--client-assertion-file"), &made, &error));
    } else if (value_of("--pkcs11-module") != NULL) {
        DO(gt_certificate_new_from_pkcs11(text_of(value_of("--pkcs11-module")), text_of(value_of("--pkcs11-uri")), none,
                                          content_of("--pkcs11-pin-file"), &certificate, &error));
    } else if (value_of("--certificate") != NULL) {
        DO(gt_certificate_new_from_file(text_of(value_of("--certificate")), text_of(value_of("--private-key")),
                                        content_of("--certificate-password-file"), &certificate, &error));
    }
    if (certificate != NULL) {
        DO(gt_credential_new_certificate(certificate, &made, &error));
    }
    return made;
}

static gt_request *request(void)
{
    gt_request *made = NULL;

    if (value_of("--username") != NULL) {
        DO(gt_request_new_password(none, text_of(value_of("--username")), content_of("--password-file"), NULL, &made,
                                   &error));
    } else if (value_of("--user-assertion-file") != NULL) {
        DO(gt_request_new_on_behalf_of(content_of("--user-assertion-file"), none, NULL, &made, &error));
    } else if (value_of("--refresh-token-file") != NULL) {
        DO(gt_request_new_refresh_token(none, content_of("--refresh-token-file"), NULL, &made, &error));
    } else {
        DO(gt_request_new_client_credentials(none, NULL, &made, &error));
    }
    return made;
}

/* A call reads the cache before it asks, and remembers why it could not: here nobody answers what it asks. */
static void read_cache(gt_options *settings)
{
    gt_client *client = NULL;
    gt_credential *secret = NULL;
    gt_token *token = NULL;

    DO(gt_options_set(settings, text_of("http.retries"), text_of("0"), &error));
    DO(gt_credential_new_secret(text_of("secret"), &secret, &error));
    DO(gt_client_new(text_of("http://127.0.0.1:1/contoso.com"), text_of("app"), secret, settings, &client, &error));
    gt_client_acquire(client, request(), NULL, &token, NULL);
    gt_client_cache_failure(client, &error);
    end_with(gt_error_status(error), error);
}

int main(int number, char **values)
{
    gt_client *client = NULL;
    gt_token *token = NULL;
    gt_options *settings;

    count = number;
    arguments = values;
    settings = options();
    if (strcmp(values[1], "clear-cache") == 0) {
        DO(gt_cache_clear(settings, &error));
    } else if (strcmp(values[1], "read-cache") == 0) {
        read_cache(settings);
    } else {
        DO(gt_client_new(none, text_of(value_of("--client-id")), credential(), settings, &client, &error));
        DO(gt_client_acquire(client, request(), NULL, &token, &error));
    }
    end_with(GT_STATUS_OK, NULL);
    return 1;
}

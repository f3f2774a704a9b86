/*
 * What a process still holds of secrets and tokens after everything was freed: no whole copy of any.
 *
 *   memory TENANT CLIENT_ID PUBLIC_CLIENT_ID CERTIFICATE_FILE SECRET_FILE USER PASSWORD_FILE CA_FILE FOLDER
 *
 * For Linux. TENANT names an emulator with TLS that knows the application by certificate and secret, a public
 * application, the user, and a workload of GitHub Actions. FOLDER has the certificate in app.pfx, its password in
 * pfx.password, the key of a cache in cache.key, a password of a proxy in proxy.password, the id of the workload in
 * workload.id, the address of GitHub's token service in github.url and what it demands in github.token, and the folder of
 * an az in tools.path. Ends with 1 and the number of copies of each kind when there
 * are any.
 */

#define _GNU_SOURCE

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

/* What is searched for, never in clear here. */
typedef struct Needle {
    const char *kind;
    unsigned char *masked;
    size_t len;
} Needle;

#define MASK 0xa5

static Needle needles[64];
static size_t needle_count;
static char **arguments;
static const gt_options *options;

static void remember(const char *kind, GtStr text)
{
    Needle *needle = &needles[needle_count];
    size_t at;

    if (needle_count == sizeof needles / sizeof *needles || text.len < 8) {
        fail(__LINE__, kind);
        return;
    }
    needle_count++;
    needle->kind = kind;
    needle->len = (size_t)text.len;
    needle->masked = malloc(needle->len);
    for (at = 0; at < needle->len; at++) {
        needle->masked[at] = text.data[at] ^ MASK;
    }
}

/* The same as the body of a request has it (application/x-www-form-urlencoded). */
static void remember_encoded(const char *kind, GtStr text)
{
    static const char digits[] = "0123456789ABCDEF";
    Needle *needle = &needles[needle_count];
    size_t at;

    remember(kind, text);
    free(needle->masked);
    needle->masked = malloc(3 * (size_t)text.len);
    needle->len = 0;
    for (at = 0; at < text.len; at++) {
        const unsigned char byte = text.data[at];
        const int is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                             (byte >= 'a' && byte <= 'z') || strchr("-_.~", byte) != NULL;
        if (is_plain || byte == ' ') {
            needle->masked[needle->len++] = (byte == ' ' ? '+' : byte) ^ MASK;
        } else {
            needle->masked[needle->len++] = '%' ^ MASK;
            needle->masked[needle->len++] = (unsigned char)digits[byte >> 4] ^ MASK;
            needle->masked[needle->len++] = (unsigned char)digits[byte & 15] ^ MASK;
        }
    }
}

static size_t copies_at(const Needle *needle, const unsigned char *memory, size_t len)
{
    size_t start, at, count = 0;

    for (start = 0; start + needle->len <= len; start++) {
        for (at = 0; at < needle->len && (memory[start + at] ^ MASK) == needle->masked[at]; at++) {
        }
        count += at == needle->len;
    }
    return count;
}

/* Counts the copies of each needle in all memory that can be written, and prints those that there are. */
static size_t copies(void)
{
    static char line[512];
    size_t found = 0, number, len;
    unsigned long from, to;
    unsigned char *memory;
    char rights[5];
    int file = open("/proc/self/mem", O_RDONLY);
    FILE *maps = fopen("/proc/self/maps", "r");

    if (file < 0 || maps == NULL) {
        fail(__LINE__, "the memory cannot be read");
        return 0;
    }
    while (fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3 || rights[0] != 'r' || rights[1] != 'w') {
            continue;
        }
        /* Large enough to be mapped anew each time, so that the next pass does not find this one's leavings. */
        len = to - from;
        memory = calloc(1, len < (1 << 25) ? (1 << 25) : len);
        if (memory != NULL && pread(file, memory, len, (off_t)from) == (ssize_t)len) {
            for (number = 0; number < needle_count; number++) {
                const size_t count = copies_at(&needles[number], memory, len);
                if (count > 0) {
                    fprintf(stderr, "%zu of %s in %s", count, needles[number].kind, line);
                    found += count;
                }
            }
        }
        free(memory);
    }
    fclose(maps);
    close(file);
    return found;
}

/* The content of a file, for a moment. */
static char buffer[256];

static GtStr borrow(const char *path)
{
    GtStr text = {(const uint8_t *)buffer, 0};
    int file = open(path, O_RDONLY);
    ssize_t len = file < 0 ? -1 : read(file, buffer, sizeof buffer);

    if (len <= 0) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    close(file);
    text.len = (uint64_t)len;
    return text;
}

static void give_back(void)
{
    volatile char *at;

    for (at = buffer; at < buffer + sizeof buffer; at++) {
        *at = 0;
    }
}

static gt_client *client_of(const char *client_id, const gt_credential *credential)
{
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_client_new(text_of(arguments[1]), text_of(client_id), credential, options, &client, &error));
    return client;
}

/* Gets a token twice, and remembers what it is made of. */
static void acquire(const gt_client *client, const gt_request *request, gt_token **token_out)
{
    GtStr text = none;

    EXPECT(GT_STATUS_OK, gt_client_acquire(client, request, NULL, token_out, &error));
    EXPECT(GT_STATUS_OK, gt_token_access_token(*token_out, &text));
    remember("an access token", text);
    EXPECT(GT_STATUS_OK, gt_token_refresh_token(*token_out, &text));
    if (text.len > 0) {
        remember("a refresh token", text);
    }
    EXPECT(GT_STATUS_OK, gt_token_id_token(*token_out, &text));
    if (text.len > 0) {
        remember("an id token", text);
    }
}

static void application(const gt_credential *credential)
{
    gt_client *client = client_of(arguments[2], credential);
    gt_request *request = NULL;
    gt_token *token = NULL;

    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    acquire(client, request, &token);
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
}

static void with_secret(void)
{
    gt_credential *credential = NULL;
    GtStr secret = borrow(arguments[5]);

    remember("the client secret", secret);
    remember_encoded("the encoded client secret", secret);
    EXPECT(GT_STATUS_OK, gt_credential_new_secret(secret, &credential, &error));
    give_back();
    application(credential);
    gt_credential_free(credential);
}

/* With a certificate, and with an assertion that a certificate signed before. */
static void with_assertion(void)
{
    gt_certificate *certificate = NULL;
    gt_credential *signing = NULL, *signed_before = NULL;
    gt_assertion *assertion = NULL;
    gt_client *signer;
    GtStr text = none;

    EXPECT(GT_STATUS_OK, gt_certificate_new_from_file(text_of(arguments[4]), none, none, &certificate, &error));
    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &signing, &error));
    gt_certificate_free(certificate);
    application(signing);
    signer = client_of(arguments[2], signing);
    EXPECT(GT_STATUS_OK, gt_client_assertion(signer, NULL, &assertion, &error));
    EXPECT(GT_STATUS_OK, gt_assertion_text(assertion, &text));
    remember("an assertion", text);
    EXPECT(GT_STATUS_OK, gt_credential_new_assertion(text, &signed_before, &error));
    gt_assertion_free(assertion);
    gt_client_free(signer);
    application(signed_before);
    gt_credential_free(signed_before);
    gt_credential_free(signing);
}

static void user(void)
{
    const GtStr scopes = text_of("User.Read");
    gt_client *client = client_of(arguments[3], NULL);
    gt_request *by_password = NULL, *by_refresh_token = NULL;
    gt_token *first = NULL, *second = NULL;
    GtStr text = borrow(arguments[7]);

    remember("the password", text);
    remember_encoded("the encoded password", text);
    EXPECT(GT_STATUS_OK, gt_request_new_password(scopes, text_of(arguments[6]), text, NULL, &by_password, &error));
    give_back();
    acquire(client, by_password, &first);
    EXPECT(GT_STATUS_OK, gt_token_refresh_token(first, &text));
    EXPECT(GT_STATUS_OK, gt_request_new_refresh_token(scopes, text, NULL, &by_refresh_token, &error));
    acquire(client, by_refresh_token, &second);
    gt_token_free(first);
    gt_token_free(second);
    gt_request_free(by_password);
    gt_request_free(by_refresh_token);
    gt_client_free(client);
}

/* With a user's access token for the application. */
static void on_behalf_of(void)
{
    char scope[256];
    gt_client *of_user = client_of(arguments[3], NULL), *of_application;
    gt_credential *credential = NULL;
    gt_request *by_password = NULL, *request = NULL;
    gt_token *assertion = NULL, *token = NULL;
    GtStr text = borrow(arguments[7]);

    snprintf(scope, sizeof scope, "api://%s/access_as_user", arguments[2]);
    EXPECT(GT_STATUS_OK,
           gt_request_new_password(text_of(scope), text_of(arguments[6]), text, NULL, &by_password, &error));
    give_back();
    acquire(of_user, by_password, &assertion);
    EXPECT(GT_STATUS_OK, gt_credential_new_secret(borrow(arguments[5]), &credential, &error));
    give_back();
    of_application = client_of(arguments[2], credential);
    EXPECT(GT_STATUS_OK, gt_token_access_token(assertion, &text));
    EXPECT(GT_STATUS_OK, gt_request_new_on_behalf_of(text, text_of("User.Read"), NULL, &request, &error));
    acquire(of_application, request, &token);
    gt_token_free(token);
    gt_token_free(assertion);
    gt_request_free(by_password);
    gt_request_free(request);
    gt_client_free(of_application);
    gt_client_free(of_user);
    gt_credential_free(credential);
}

/* The path of a file in the folder; the next call overwrites it. */
static const char *in_folder(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", arguments[9], name);
    return path;
}

static void set(gt_options *settings, const char *name, GtStr value)
{
    EXPECT(GT_STATUS_OK, gt_options_set(settings, text_of(name), value, &error));
}

/* With a certificate from a PFX file, and tokens in a file that is encrypted with a key. */
static void with_pfx_and_cache(void)
{
    const gt_options *before = options;
    gt_options *settings = NULL;
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;
    GtStr text = borrow(in_folder("pfx.password"));

    remember("the password of a certificate file", text);
    EXPECT(GT_STATUS_OK,
           gt_certificate_new_from_file(text_of(in_folder("app.pfx")), none, text, &certificate, &error));
    give_back();
    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &credential, &error));
    gt_certificate_free(certificate);
    EXPECT(GT_STATUS_OK, gt_options_new(&settings, &error));
    set(settings, "http.ca_file", text_of(arguments[8]));
    set(settings, "cache.name", text_of("memory"));
    set(settings, "cache.folder", text_of(arguments[9]));
    text = borrow(in_folder("cache.key"));
    remember("the key of a cache", text);
    set(settings, "cache.key", text);
    give_back();
    options = settings;
    application(credential);
    gt_options_free(settings);
    options = before;
    gt_credential_free(credential);
}

/* With a proxy that is not there. */
static void with_proxy(void)
{
    static char address[320];
    const gt_options *before = options;
    gt_options *settings = NULL;
    gt_credential *credential = NULL;
    gt_client *client;
    gt_request *request = NULL;
    gt_token *token = NULL;
    GtStr password = borrow(in_folder("proxy.password"));

    remember("the password of a proxy", password);
    snprintf(address, sizeof address, "http://user:%.*s@127.0.0.1:1", (int)password.len, (const char *)password.data);
    give_back();
    EXPECT(GT_STATUS_OK, gt_options_new(&settings, &error));
    set(settings, "http.proxy", text_of(address));
    memset(address, 0, sizeof address);
    set(settings, "http.retries", text_of("0"));
    options = settings;
    EXPECT(GT_STATUS_OK, gt_credential_new_secret(text_of("no secret"), &credential, &error));
    client = client_of(arguments[2], credential);
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    EXPECT(GT_STATUS_PROXY_FAILED, gt_client_acquire(client, request, NULL, &token, &error));
    gt_request_free(request);
    gt_client_free(client);
    gt_credential_free(credential);
    gt_options_free(settings);
    options = before;
}

/* Settings of the process, and more. */
static gt_options *settings_of_process(void)
{
    gt_options *settings = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&settings, &error));
    set(settings, "http.ca_file", text_of(arguments[8]));
    return settings;
}

/* Gets a token for the application itself, and frees the client. */
static void acquire_with(gt_client *client)
{
    gt_request *request = NULL;
    gt_token *token = NULL;

    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    acquire(client, request, &token);
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
}

/* With a client secret in the variables of the environment, by itself and as a link of a chain. */
static void with_environment(void)
{
    static char block[1024];
    const char *tenant = strrchr(arguments[1], '/') + 1;
    gt_options *settings = settings_of_process();
    gt_client *client = NULL;
    GtStr secret = borrow(arguments[5]), text = {(const uint8_t *)block, 0};

    text.len = (uint64_t)snprintf(
        block, sizeof block,
        "AZURE_AUTHORITY_HOST=%.*s%cAZURE_TENANT_ID=%s%cAZURE_CLIENT_ID=%s%cAZURE_CLIENT_SECRET=%.*s%c",
        (int)(tenant - arguments[1] - 1), arguments[1], 0, tenant, 0, arguments[2], 0, (int)secret.len,
        (const char *)secret.data, 0);
    give_back();
    set(settings, "identity.variables", text);
    memset(block, 0, sizeof block);
    EXPECT(GT_STATUS_OK, gt_client_new_environment(settings, &client, &error));
    acquire_with(client);
    EXPECT(GT_STATUS_OK, gt_client_new_chain(settings, &client, &error));
    acquire_with(client);
    gt_options_free(settings);
}

/* With the token that a tool writes. */
static void with_tool(void)
{
    char path[512] = "PATH=";
    GtStr text = borrow(in_folder("tools.path"));
    gt_options *settings = settings_of_process();
    gt_client *client = NULL;

    memcpy(path + strlen(path), text.data, (size_t)text.len);
    set(settings, "identity.variables", text_of(path));
    EXPECT(GT_STATUS_OK, gt_client_new_developer_tool(text_of("az"), settings, &client, &error));
    gt_options_free(settings);
    acquire_with(client);
}

/* With the token of a job of GitHub Actions, which a token of its own gets. */
static void with_github(void)
{
    char id[64] = "";
    gt_options *settings = settings_of_process();
    gt_credential *credential = NULL;
    gt_client *client = NULL;
    GtStr text = borrow(in_folder("workload.id"));

    memcpy(id, text.data, (size_t)text.len);
    set(settings, "federation.request_url", borrow(in_folder("github.url")));
    text = borrow(in_folder("github.token"));
    remember("the request token of GitHub", text);
    set(settings, "federation.request_token", text);
    give_back();
    EXPECT(GT_STATUS_OK, gt_credential_new_github_actions(settings, &credential, &error));
    EXPECT(GT_STATUS_OK, gt_client_new(text_of(arguments[1]), text_of(id), credential, settings, &client, &error));
    gt_options_free(settings);
    gt_credential_free(credential);
    acquire_with(client);
}

int main(int count, char **values)
{
    const struct timespec pause = {0, 300000000};
    gt_options *settings = NULL;

    if (count < 10) {
        fprintf(stderr, "nine arguments are needed\n");
        return 2;
    }
    arguments = values;
    EXPECT(GT_STATUS_OK, gt_options_new(&settings, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(settings, text_of("http.ca_file"), text_of(values[8]), &error));
    options = settings;
    with_secret();
    with_assertion();
    user();
    on_behalf_of();
    with_pfx_and_cache();
    with_proxy();
    with_environment();
    with_tool();
    with_github();
    gt_options_free(settings);

    nanosleep(&pause, NULL);
    if (copies() > 0) {
        failures++;
    }
    /* The search finds what is there. */
    borrow(arguments[7]);
    fprintf(stderr, "expected: ");
    if (copies() == 0) {
        fail(__LINE__, "the search finds nothing");
    }
    give_back();
    return failures != 0;
}

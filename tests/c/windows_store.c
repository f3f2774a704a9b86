/*
 * Fills and empties the Windows store CurrentUser\My, for tests.
 *
 *   windows_store add PFX_FILE        imports what is in a PFX file with the password "store"
 *   windows_store remove SUBJECT      removes the certificates whose subject contains the text
 */

#include <stdio.h>
#include <string.h>
#include <windows.h>
#include <wincrypt.h>

static HCERTSTORE open_store(void)
{
    return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"My");
}

static int add(const char *path)
{
    static BYTE content[65536];
    CRYPT_DATA_BLOB blob;
    HCERTSTORE file;
    HCERTSTORE store;
    PCCERT_CONTEXT one = NULL;
    int added = 0;
    FILE *stream = fopen(path, "rb");

    if (stream == NULL) {
        return 0;
    }
    blob.pbData = content;
    blob.cbData = (DWORD)fread(content, 1, sizeof content, stream);
    fclose(stream);
    file = PFXImportCertStore(&blob, L"store", CRYPT_USER_KEYSET);
    store = open_store();
    while (file != NULL && store != NULL && (one = CertEnumCertificatesInStore(file, one)) != NULL) {
        added += CertAddCertificateContextToStore(store, one, CERT_STORE_ADD_REPLACE_EXISTING, NULL) ? 1 : 0;
    }
    CertCloseStore(file, 0);
    CertCloseStore(store, 0);
    return added;
}

static int take_out(const char *subject)
{
    HCERTSTORE store = open_store();
    PCCERT_CONTEXT one;
    int removed = 0;

    while ((one = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_STR_A, subject, NULL)) != NULL) {
        if (!CertDeleteCertificateFromStore(one)) {
            break;
        }
        removed++;
    }
    CertCloseStore(store, 0);
    return removed;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: windows_store add PFX_FILE | remove SUBJECT\n", stderr);
        return 2;
    }
    return (strcmp(argv[1], "add") == 0 ? add(argv[2]) : take_out(argv[2])) > 0 ? 0 : 1;
}

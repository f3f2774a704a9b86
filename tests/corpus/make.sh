#!/usr/bin/env bash
# Creates certificate files with the programs that administrators use, and `table.tsv` with the description of each file
# and the expected result of loading it:
#
#   tests/corpus/make.sh FOLDER
#
# Needs openssl, certutil and pk12util (libnss3-tools), keytool (default-jre-headless), certtool (gnutls-bin), ssh-keygen
# (openssh-client) and puttygen (putty-tools).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export LC_ALL=C.UTF-8

ascii='correct horse'
umlauts='pässwörd €'
emoji='key 🔑 p'
days=36500
openssl_version=$(openssl version | cut -d' ' -f1,2)
nss="NSS $(dpkg-query -W -f '${Version}' libnss3 2>/dev/null | sed 's/^[0-9]*://; s/-.*//')"
keytool_version="keytool $(java -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')"
gnutls=$(certtool --version | head -n 1)
gnutls="certtool ${gnutls##* }"
ssh=$(ssh -V 2>&1 | sed 's/_/ /; s/[ ,]Debian.*//; s/,.*//')
putty="PuTTY $(puttygen --version | sed -n '1s/.*Release //p')"

# FILE KEY FORMAT WRITER PROTECTION PASSWORD RESULT [SUBJECT]
# KEY is the second file with the private key, or -.
# PASSWORD is - if nothing is protected, and "" for an empty password.
# RESULT is `signs`, `signs, with a warning`, or the kind of the error.
row() {
    local name
    for name in "$1" "$2"; do
        [ "$name" = - ] || [ -e "$folder/$name" ] || cp "$name" "$folder/$name"
    done
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" "$6" "$7" "${8:-CN=Leaf,O=Contoso}" \
        >>"$folder/table.tsv"
}

quietly() {
    "$@" >log 2>&1 || { cat log >&2; echo "failed: $*" >&2; exit 1; }
}

printf 'file\tkey file\tformat\twriter\tprotection\tpassword\tresult\tsubject\n' >"$folder/table.tsv"

# -- The certificates: leaf, issued by middle, issued by root.

issue() { # NAME SUBJECT SIGNED_BY...
    local name=$1 subject=$2
    shift 2
    quietly openssl req -new -key "$name.key" -subj "$subject" -out "$name.csr"
    quietly openssl x509 -req -in "$name.csr" "$@" -days $days -extfile <(echo basicConstraints=critical,CA:TRUE) \
        -out "$name.pem"
}
for name in root middle leaf other; do
    quietly openssl genrsa -out $name.key 2048
done
issue root /CN=Root -signkey root.key
issue middle /O=Contoso/CN=Middle -CA root.pem -CAkey root.key -CAcreateserial
issue leaf /O=Contoso/CN=Leaf -CA middle.pem -CAkey middle.key -CAcreateserial
cat root.pem middle.pem >chain.pem

# -- PEM and DER.

pem() { # FILE FORMAT: standard input becomes an unprotected file
    cat >"$1"
    row "$1" - "$2" "$openssl_version" none - signs
}
cat leaf.key leaf.pem chain.pem | pem pkcs8.pem 'PEM, PKCS#8 key'
{
    openssl rsa -in leaf.key -traditional 2>/dev/null
    cat leaf.pem
} | pem pkcs1.pem 'PEM, PKCS#1 key'
{
    echo 'issued in 2012 for Contoso'
    cat root.pem middle.pem leaf.pem leaf.key
} | pem reversed.pem 'PEM, root first, text around the blocks'
{
    printf '\xef\xbb\xbf'
    sed 's/$/\r/' leaf.pem leaf.key
} | pem windows.pem 'PEM, byte order mark and CRLF'
{
    printf '\xff\xfe'
    sed 's/$/\r/' leaf.pem leaf.key | iconv -f UTF-8 -t UTF-16LE
} | pem utf16-little.pem 'PEM, UTF-16 little-endian'
{
    printf '\xfe\xff'
    cat leaf.pem leaf.key | iconv -f UTF-8 -t UTF-16BE
} | pem utf16-big.pem 'PEM, UTF-16 big-endian'
{
    cat leaf.key leaf.pem
    printf -- '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
} | pem damaged-issuer.pem 'PEM, a certificate of the chain is damaged'
openssl x509 -in leaf.pem -outform DER -out leaf.cer
openssl pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out pkcs8.der
openssl rsa -in leaf.key -traditional -outform DER -out pkcs1.der 2>/dev/null
row leaf.pem pkcs8.der 'PEM, key in DER (PKCS#8)' "$openssl_version" none - signs
row leaf.cer pkcs1.der 'DER, key in DER (PKCS#1)' "$openssl_version" none - signs
openssl crl2pkcs7 -nocrl -certfile chain.pem -certfile leaf.pem -outform DER -out leaf.p7b
openssl crl2pkcs7 -nocrl -certfile leaf.pem -certfile chain.pem -out pkcs7.pem
row leaf.p7b pkcs8.der 'PKCS#7 in DER, key in DER' "$openssl_version" none - signs
row pkcs7.pem pkcs8.der 'PKCS#7 in PEM, key in DER' "$openssl_version" none - signs

# Subjects in the string types of old certification authorities. The numbers are OpenSSL's masks.
for kind in BMPString:0x0800 TeletexString:0x0004; do
    name=${kind%:*}
    printf '[req]\ndistinguished_name=dn\nprompt=no\nstring_mask=MASK:%s\n[dn]\nO=Contoso\nCN=Müller\n' "${kind#*:}" >name.cnf
    quietly openssl req -x509 -utf8 -key leaf.key -days $days -config name.cnf -out "$name.crt"
    cat "$name.crt" leaf.key >"$name.pem"
    row "$name.pem" - "PEM, subject as $name" "$openssl_version" none - signs CN=Müller,O=Contoso
done

# -- PEM as it comes out of environment variables, JSON and secret stores, and files in Base64.

cat leaf.key leaf.pem | tr '\n' ' ' | pem spaces.pem 'PEM, spaces in place of line breaks'
cat leaf.key leaf.pem | tr -d '\n' | pem one-line.pem 'PEM without line breaks'
cat leaf.key leaf.pem | tr '\n' '\r' | pem carriage-returns.pem 'PEM, CR in place of line breaks'
cat leaf.key leaf.pem | sed ':a; N; $!ba; s/\n/\\n/g; s/^/"/; s/$/"/' | pem escaped.pem 'PEM, \\n in place of line breaks, in quotation marks'
cat leaf.key leaf.pem | sed ':a; N; $!ba; s/-\n-/--/g' | pem joined.pem 'PEM, END and BEGIN on one line'
{
    openssl x509 -in leaf.pem -trustout -addtrust clientAuth
    cat leaf.key
} | pem trusted.pem 'PEM, BEGIN TRUSTED CERTIFICATE'
cat leaf.key leaf.pem | base64 -w 0 | pem pem.base64 'PEM in Base64'
base64 pkcs8.der >pkcs8.base64
row leaf.pem pkcs8.base64 'PEM, key in DER in Base64' "$openssl_version" none - signs

# -- Encrypted keys.

legacy='-provider legacy -provider default'
key() { # FILE PROTECTION PASSWORD RESULT COMMAND...: the command writes the key to standard output
    local name=$1 protection=$2 password=$3 result=$4
    shift 4
    "$@" -in leaf.key -passout "pass:$password" >"$name" 2>log || { cat log >&2; exit 1; }
    row leaf.pem "$name" 'PEM, encrypted key' "$openssl_version" "$protection" "$password" "$result"
}
encrypt='openssl pkcs8 -topk8'
key aes128-sha1.key 'PBES2: AES-128, PBKDF2 with SHA-1' "$ascii" signs $encrypt -v2 aes-128-cbc -v2prf hmacWithSHA1
key aes192-sha384.key 'PBES2: AES-192, PBKDF2 with SHA-384' "$umlauts" signs \
    $encrypt -v2 aes-192-cbc -v2prf hmacWithSHA384
key aes256-sha256.key 'PBES2: AES-256, PBKDF2 with SHA-256' "$emoji" signs $encrypt
key aes256-sha512.key 'PBES2: AES-256, PBKDF2 with SHA-512, 100000 rounds' "$ascii" signs \
    $encrypt -v2 aes-256-cbc -v2prf hmacWithSHA512 -iter 100000
key 3des-pbes2.key 'PBES2: triple DES, PBKDF2' "$ascii" signs $encrypt -v2 des3
key scrypt.key 'PBES2: AES-256, scrypt' "$emoji" signs $encrypt -scrypt
key camellia.key 'PBES2: Camellia-256' "$ascii" CertificateUnreadable $encrypt -v2 camellia-256-cbc
key too-many-rounds.key 'PBES2 with 20000000 rounds' "$ascii" CertificateUnreadable $encrypt -iter 20000000
for scheme in SHA1-3DES SHA1-2DES SHA1-RC2-128 SHA1-RC2-40 MD5-DES SHA1-DES MD5-RC2-64 SHA1-RC2-64; do
    key "pbe-$scheme.key" "PBE-$scheme" "$ascii" signs $encrypt -v1 "PBE-$scheme" $legacy
done
key pbe-SHA1-RC4-128.key PBE-SHA1-RC4-128 "$ascii" CertificateUnreadable $encrypt -v1 PBE-SHA1-RC4-128 $legacy
for cipher in des des3 aes128 aes192 aes256; do
    key "old-$cipher.key" "Proc-Type: 4,ENCRYPTED, $cipher" "$ascii" signs \
        openssl rsa -traditional -$cipher $legacy
done
tr '\n' ' ' <old-aes256.key >old-spaces.key
row leaf.pem old-spaces.key 'PEM, encrypted key, spaces in place of line breaks' "$openssl_version" \
    'Proc-Type: 4,ENCRYPTED, aes256' "$ascii" signs
tr -d '\n' <old-aes256.key >old-one-line.key
row leaf.pem old-one-line.key 'PEM, encrypted key without line breaks' "$openssl_version" \
    'Proc-Type: 4,ENCRYPTED, aes256' "$ascii" CertificateUnreadable
key old-emoji.key 'Proc-Type: 4,ENCRYPTED, aes256' "$emoji" signs openssl rsa -traditional -aes256
key old-camellia256.key 'Proc-Type: 4,ENCRYPTED, camellia256' "$ascii" CertificateUnreadable \
    openssl rsa -traditional -camellia256

# -- SSH keys, and the same keys converted with the commands in the error hints.

cp leaf.key openssh.key
chmod 600 openssh.key
quietly ssh-keygen -p -N '' -f openssh.key
row leaf.pem openssh.key 'OpenSSH private key' "$ssh" none - CertificateUnreadable
cp openssh.key openssh-pkcs8.key
quietly ssh-keygen -p -N '' -m PKCS8 -f openssh-pkcs8.key
row leaf.pem openssh-pkcs8.key 'PEM, PKCS#8 key' "$ssh" none - signs
cp openssh.key openssh-old.key
quietly ssh-keygen -p -N "$ascii" -m PEM -f openssh-old.key
row leaf.pem openssh-old.key 'PEM, encrypted key' "$ssh" 'default of ssh-keygen -m PEM' "$ascii" signs
ssh-keygen -y -f openssh.key >openssh.pub
row leaf.pem openssh.pub 'OpenSSH public key' "$ssh" none - CertificateUnreadable
quietly puttygen openssh.key -O private --new-passphrase /dev/null -o putty.ppk
row leaf.pem putty.ppk 'PuTTY key' "$putty" none - CertificateUnreadable
quietly puttygen putty.ppk -O private-openssh -o putty.key
row leaf.pem putty.key 'PEM, PKCS#1 key' "$putty" none - signs

# -- PFX of OpenSSL.

pfx() { # FILE PROTECTION PASSWORD RESULT OPTION...
    local name=$1 protection=$2 password=$3 result=$4 shown=$3
    shift 4
    case $password in '') shown='""' ;; -) password= ;; esac
    quietly openssl pkcs12 -export -inkey leaf.key -in leaf.pem -certfile chain.pem -passout "pass:$password" \
        -out "$name" "$@"
    row "$name" - PFX "$openssl_version" "$protection" "$shown" "$result"
}
for kind in ascii umlauts emoji; do
    pfx "openssl-$kind.pfx" 'AES-256, MAC SHA-256' "${!kind}" signs
    pfx "openssl-legacy-$kind.pfx" 'triple DES, RC2-40, MAC SHA-1' "${!kind}" signs -legacy
done
pfx openssl-empty.pfx 'AES-256, MAC SHA-256' '' signs
pfx openssl-legacy-empty.pfx 'triple DES, RC2-40, MAC SHA-1' '' signs -legacy
pfx openssl-aes128.pfx 'AES-128, AES-192, MAC SHA-512' "$ascii" signs \
    -keypbe AES-128-CBC -certpbe AES-192-CBC -macalg sha512
pfx openssl-2des.pfx 'two-key triple DES, RC2-128, MAC SHA-1' "$emoji" signs \
    -keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-RC2-128 -macalg sha1 -legacy
pfx openssl-rc2-40.pfx 'RC2-40, triple DES, MAC SHA-384' "$umlauts" signs \
    -keypbe PBE-SHA1-RC2-40 -certpbe PBE-SHA1-3DES -macalg sha384 -legacy
pfx openssl-md5-des.pfx 'PBE-MD5-DES, MAC SHA-224' "$ascii" signs \
    -keypbe PBE-MD5-DES -certpbe PBE-MD5-DES -macalg sha224 -legacy
pfx openssl-one-round.pfx 'AES-256, one round, MAC SHA-256, one round' "$ascii" signs -nomaciter -noiter
pfx openssl-many-rounds.pfx 'AES-256, 200000 rounds, MAC SHA-256' "$ascii" signs -iter 200000
pfx openssl-most-rounds.pfx 'AES-256, MAC SHA-256, 1000000 rounds' "$ascii" signs -iter 1000000
pfx openssl-too-many-rounds.pfx 'AES-256, MAC SHA-256, 1000001 rounds' "$ascii" CertificateUnreadable -iter 1000001
pfx openssl-no-mac.pfx 'AES-256, no MAC' "$ascii" signs -nomac
pfx openssl-plain.pfx 'none, MAC SHA-256' "$ascii" signs -keypbe NONE -certpbe NONE
pfx openssl-plain-certificates.pfx 'key AES-256, certificates none, MAC SHA-256' "$ascii" signs -certpbe NONE
pfx openssl-plain-no-mac.pfx 'none' - signs -keypbe NONE -certpbe NONE -nomac
base64 openssl-ascii.pfx >openssl-ascii.base64
row openssl-ascii.base64 - 'PFX in Base64' "$openssl_version" 'AES-256, MAC SHA-256' "$ascii" signs
pfx openssl-friendly.pfx 'AES-256, MAC SHA-256; friendly name that is not ASCII' "$ascii" signs \
    -name 'Schlüssel €' -CSP 'Microsoft Strong Cryptographic Provider' -LMK
pfx openssl-rc4.pfx 'RC4-128' "$ascii" CertificateUnreadable -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-128 -legacy
if openssl pkcs12 -help 2>&1 | grep -q pbmac1_pbkdf2; then
    pfx openssl-pbmac1.pfx 'AES-256, PBMAC1' "$emoji" signs -pbmac1_pbkdf2
fi
base64 -d "$here/rfc9579.base64" >rfc9579.pfx
row rfc9579.pfx - PFX 'RFC 9579 appendix A.1' 'AES-256, PBMAC1 with SHA-256' 1234 'signs, with a warning' \
    CN=tt,OU=rr,O=ee,L=ww,ST=qq,C=XX
{
    openssl pkcs12 -in openssl-friendly.pfx -passin "pass:$ascii" -noenc
} | pem bags.pem 'PEM, bag attributes between the blocks'

# -- NSS, which writes BER with indefinite lengths.

mkdir nss
quietly certutil -N -d sql:nss --empty-password
quietly openssl pkcs12 -export -inkey leaf.key -in leaf.pem -certfile chain.pem -name leaf -passout pass:x -out nss.pfx
quietly pk12util -i nss.pfx -d sql:nss -W x
from_nss() { # FILE PROTECTION PASSWORD RESULT OPTION...
    local name=$1 protection=$2 password=$3 result=$4 shown=$3
    shift 4
    [ -n "$password" ] || shown='""'
    quietly pk12util -o "$name" -n leaf -d sql:nss -W "$password" "$@"
    row "$name" - 'PFX in BER' "$nss" "$protection" "$shown" "$result"
}
pbe='PKCS #12 V2 PBE With SHA-1 And'
from_nss nss.pfx 'default of pk12util' "$ascii" signs
from_nss nss-umlauts.pfx 'default of pk12util' "$umlauts" signs
from_nss nss-emoji.pfx 'default of pk12util' "$emoji" signs
from_nss nss-3des.pfx 'triple DES' "$emoji" signs -c "$pbe 3KEY Triple DES-CBC" -C "$pbe 3KEY Triple DES-CBC"
from_nss nss-rc2-128.pfx 'triple DES, RC2-128' "$ascii" signs \
    -c "$pbe 3KEY Triple DES-CBC" -C "$pbe 128 Bit RC2 CBC"
from_nss nss-rc2-40.pfx 'RC2-128, RC2-40' "$umlauts" signs -c "$pbe 128 Bit RC2 CBC" -C "$pbe 40 Bit RC2 CBC"
from_nss nss-aes128.pfx 'AES-128, AES-256' "$ascii" signs -c AES-128-CBC -C AES-256-CBC
from_nss nss-plain-certificates.pfx 'AES-256, certificates none' "$ascii" signs -c AES-256-CBC -C none
from_nss nss-sha512.pfx 'AES-256, MAC SHA-512' "$ascii" signs -c AES-256-CBC -C AES-256-CBC -M SHA-512
from_nss nss-empty.pfx 'default of pk12util' '' signs

# -- Java.

from_java() { # FILE FORMAT PROTECTION RESULT STORE_TYPE OPTION...
    local name=$1 format=$2 protection=$3 result=$4 kind=$5
    shift 5
    quietly keytool -importkeystore -srckeystore nss-source.pfx -srcstoretype PKCS12 -srcstorepass "$ascii" \
        -destkeystore "$name" -deststoretype "$kind" -deststorepass "$ascii" -destkeypass "$ascii" "$@"
    row "$name" - "$format" "$keytool_version" "$protection" "$ascii" "$result"
}
quietly openssl pkcs12 -export -inkey leaf.key -in leaf.pem -certfile chain.pem -name leaf -passout "pass:$ascii" \
    -out nss-source.pfx
from_java java.p12 'PFX (keystore)' 'default of keytool' signs PKCS12
from_java java-legacy.p12 'PFX (keystore)' 'triple DES, RC2-40, MAC SHA-1' signs PKCS12 -J-Dkeystore.pkcs12.legacy
from_java java-plain.p12 'PFX (keystore)' 'certificates none, no MAC' signs PKCS12 \
    -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE
from_java java-sha512.p12 'PFX (keystore)' 'AES-128 and SHA-512, MAC SHA-512' signs PKCS12 \
    -J-Dkeystore.pkcs12.keyProtectionAlgorithm=PBEWithHmacSHA512AndAES_128 \
    -J-Dkeystore.pkcs12.certProtectionAlgorithm=PBEWithHmacSHA512AndAES_128 \
    -J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA512
from_java java.jks 'Java keystore (JKS)' "Java's own" CertificateUnreadable JKS
from_java java.jceks 'Java keystore (JCEKS)' "Java's own" CertificateUnreadable JCEKS
generate() { # STORE ALIAS SUBJECT START
    quietly keytool -genkeypair -keystore "$1" -storetype PKCS12 -storepass "$ascii" -alias "$2" -keyalg RSA \
        -keysize 2048 -validity $days -dname "$3" -startdate "$4"
}
generate java-pairs.p12 new 'CN=Leaf, O=Contoso' -1d
generate java-pairs.p12 old 'CN=Old, O=Contoso' -30d
generate java-pairs.p12 coming 'CN=Coming, O=Contoso' +3000d
row java-pairs.p12 - 'PFX (keystore), three pairs: the newest valid one' "$keytool_version" \
    'default of keytool' "$ascii" signs
quietly keytool -importcert -noprompt -keystore java-trust.p12 -storetype PKCS12 -storepass "$ascii" -alias leaf \
    -file leaf.pem
row java-trust.p12 - 'PFX (keystore) without private key' "$keytool_version" 'default of keytool' "$ascii" \
    PrivateKeyMissing

# -- GnuTLS.

from_gnutls() { # FILE PROTECTION PASSWORD RESULT OPTION...
    local name=$1 protection=$2 password=$3 result=$4
    shift 4
    quietly certtool --to-p12 --load-privkey leaf.key --load-certificate leaf.pem --load-ca-certificate chain.pem \
        --p12-name leaf --outder --outfile "$name" "$@"
    row "$name" - PFX "$gnutls" "$protection" "$password" "$result"
}
for cipher in aes-128 aes-192 aes-256 3des 3des-pkcs12 rc2-40; do
    from_gnutls "gnutls-$cipher.p12" "$cipher" "$ascii" signs --pkcs-cipher=$cipher --password="$ascii"
done
from_gnutls gnutls-sha512.p12 'aes-256, MAC SHA-512' "$ascii" signs --hash=SHA512 --password="$ascii"
from_gnutls gnutls-umlauts.p12 'default of certtool' "$umlauts" signs --password="$umlauts"
from_gnutls gnutls-emoji.p12 '3des-pkcs12' "$emoji" signs --pkcs-cipher=3des-pkcs12 --password="$emoji"
from_gnutls gnutls-empty.p12 'default of certtool' '""' signs --empty-password
from_gnutls gnutls-null.p12 '3des-pkcs12, no password at all' '""' signs --pkcs-cipher=3des-pkcs12 --null-password
from_gnutls gnutls-rc4.p12 'arcfour' "$ascii" CertificateUnreadable --pkcs-cipher=arcfour --password="$ascii"
for cipher in aes-128 3des 3des-pkcs12 rc2-40; do
    quietly certtool --to-p8 --load-privkey leaf.key --pkcs-cipher=$cipher --password="$umlauts" \
        --outfile "gnutls-$cipher.key"
    row leaf.pem "gnutls-$cipher.key" 'PEM, encrypted key' "$gnutls" "$cipher" "$umlauts" signs
done

# -- Files that cannot be used, and flawed files that can.

quietly openssl x509 -req -in leaf.csr -signkey leaf.key -days -1 -out expired.crt
cat expired.crt leaf.key >expired.pem
row expired.pem - 'PEM, expired' "$openssl_version" none - 'signs, with a warning'
cat expired.crt leaf.key leaf.pem >renewed.pem
row renewed.pem - 'PEM, expired certificate and its successor for the same key' "$openssl_version" none - signs
row leaf.pem - 'PEM without private key' "$openssl_version" none - PrivateKeyMissing
row leaf.p7b - 'PKCS#7 without private key' "$openssl_version" none - PrivateKeyMissing
row pkcs8.der - 'private key without certificate' "$openssl_version" none - CertificateUnreadable
cp other.key other.pem
row leaf.pem other.pem 'PEM, key of another certificate' "$openssl_version" none - PrivateKeyMismatch
refused() { # FILE FORMAT KEY_OPTIONS...: a key that cannot sign client assertions
    local name=$1 format=$2
    shift 2
    quietly openssl genpkey -out odd.key "$@"
    quietly openssl req -x509 -key odd.key -subj /CN=Odd -days $days -out odd.pem
    quietly openssl pkcs12 -export -inkey odd.key -in odd.pem -passout "pass:$ascii" -out "$name"
    row "$name" - "PFX, $format" "$openssl_version" 'AES-256, MAC SHA-256' "$ascii" PrivateKeyUnsupported
}
refused p256.pfx 'elliptic-curve key (P-256)' -algorithm EC -pkeyopt ec_paramgen_curve:P-256
refused ed25519.pfx 'Ed25519 key' -algorithm ED25519
refused rsa-1024.pfx 'RSA key of 1024 bits' -algorithm RSA -pkeyopt rsa_keygen_bits:1024
refused rsa-pss.pfx 'RSASSA-PSS key' -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
head -c 2000 openssl-ascii.pfx >truncated.pfx
row truncated.pfx - 'PFX, cut off' "$openssl_version" 'AES-256, MAC SHA-256' "$ascii" CertificateUnreadable
{
    head -c 1000 openssl-ascii.pfx
    printf 'DAMAGED!'
    tail -c +1009 openssl-ascii.pfx
} >damaged.pfx
row damaged.pfx - 'PFX, damaged in the middle' "$openssl_version" 'AES-256, MAC SHA-256' "$ascii" CertificateUnreadable
head -n 10 pkcs8.pem >truncated.pem
row truncated.pem - 'PEM, cut off' "$openssl_version" none - CertificateUnreadable
row leaf.csr - 'certificate signing request' "$openssl_version" none - CertificateUnreadable
openssl pkey -in leaf.key -pubout -out public.pem
row public.pem - 'public key' "$openssl_version" none - CertificateUnreadable
printf '<!DOCTYPE html><html><body>404</body></html>\n' >page.pfx
row page.pfx - 'HTML page' 'a web server' none - CertificateUnreadable
: >empty.pfx
row empty.pfx - 'empty file' 'a full disk' none - CertificateUnreadable

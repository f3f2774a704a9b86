/*
 * What aws-lc is built from: read before each of its files (`-include` in ../config.toml), for x86-64 with gcc or clang.
 *
 * Small tables everywhere, assembly where it pays. aws-lc decides by one macro for many algorithms at a time whether
 * the assembler knows an instruction set; each header that asks is read here with the answer that it should get. Its
 * include guard keeps the answer. DESIGN.md, "Why is the library built for size?", has the sizes.
 *
 * Cargo does not see changes of this file: `cargo clean --package aws-lc-sys` does.
 */
#ifndef GRAPHTOKEN_AWS_LC_H
#define GRAPHTOKEN_AWS_LC_H

#ifndef OPENSSL_SMALL
#define OPENSSL_SMALL 1
#endif
/* With OPENSSL_SMALL it says that there is no AVX-512 at all. */
#include <openssl/target.h>
#undef MY_ASSEMBLER_IS_TOO_OLD_FOR_512AVX

#ifndef __ASSEMBLER__

/* Some files define it before the first header, which is then no longer the first. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

/* RSA has AVX-512 (IFMA); AES-GCM and AES-XTS have not. */
#include <../crypto/fipsmodule/bn/rsaz_exp.h>
#define MY_ASSEMBLER_IS_TOO_OLD_FOR_512AVX

/* X25519 and Ed25519 in C: the assembly brings four tables of 48 KB. */
#pragma push_macro("MY_ASSEMBLER_IS_TOO_OLD_FOR_ADX_AVX2")
#define MY_ASSEMBLER_IS_TOO_OLD_FOR_ADX_AVX2
#include <../crypto/fipsmodule/curve25519/internal.h>
#pragma pop_macro("MY_ASSEMBLER_IS_TOO_OLD_FOR_ADX_AVX2")

/* ML-KEM and ML-DSA in C. */
#pragma push_macro("MY_ASSEMBLER_IS_TOO_OLD_FOR_AVX")
#define MY_ASSEMBLER_IS_TOO_OLD_FOR_AVX
#include <../crypto/fipsmodule/ml_dsa/mldsa_native_backend.h>
#include <../crypto/fipsmodule/ml_kem/mlkem_native_backend.h>
#pragma pop_macro("MY_ASSEMBLER_IS_TOO_OLD_FOR_AVX")

/* ChaCha20-Poly1305 in C: services use AES-GCM with clients that have it in hardware. */
#include <../crypto/internal.h>
#pragma push_macro("OPENSSL_NO_ASM")
#define OPENSSL_NO_ASM
#include <../crypto/cipher_extra/internal.h>
#pragma pop_macro("OPENSSL_NO_ASM")

#endif

#endif

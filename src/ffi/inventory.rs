//! The list of everything that the ABI exports, for the generator of the C# bindings and for the test that compares
//! exports, header and bindings.

use std::ffi::c_void;

use interoptopus::lang::c::{CType, Documentation, FnPointerType, FunctionSignature, Meta, Parameter, PrimitiveType};
use interoptopus::lang::rust::CTypeInfo;
use interoptopus::patterns::TypePattern;
use interoptopus::patterns::callbacks::NamedCallback;
use interoptopus::{Inventory, InventoryBuilder, extra_type, function};

#[cfg(feature = "flows")]
use super::assertion_callback::{GtAssertionCallback, GtAssertionRelease};
use super::signer::{GtSignatureAlgorithm, GtSigner, GtSignerRelease};
use super::token_store_callbacks::{
    GtTokenStoreLock, GtTokenStoreRead, GtTokenStoreRelease, GtTokenStoreRemove, GtTokenStoreUnlock, GtTokenStoreWrite,
};
#[cfg(feature = "flows")]
use super::{accounts, federation};
use super::{
    assertion, cache, cached_tokens, cancel, certificate, certificate_search, client, credential, device_code,
    diagnosis, error, jwt, options, pkcs11, request, sign_in, token, token_store, version,
};
use crate::base::error::Status;
use crate::base::surface::Surface;
use crate::diagnosis::finding::FindingStatus;
use crate::token::TokenSource;

/// Every function and type of the ABI.
#[expect(clippy::too_many_lines, reason = "it is a list")]
pub fn inventory() -> Inventory {
    let builder = InventoryBuilder::new()
        .register(extra_type!(Status))
        .register(extra_type!(TokenSource))
        .register(extra_type!(FindingStatus))
        .register(extra_type!(GtSignatureAlgorithm))
        .register(extra_type!(Surface))
        .register(function!(version::gt_version))
        .register(function!(error::gt_error_new))
        .register(function!(error::gt_error_free))
        .register(function!(error::gt_error_status))
        .register(function!(error::gt_error_message))
        .register(function!(error::gt_error_hint))
        .register(function!(error::gt_error_message_on))
        .register(function!(error::gt_error_hint_on))
        .register(function!(error::gt_error_oauth_error))
        .register(function!(error::gt_error_suberror))
        .register(function!(error::gt_error_correlation_id))
        .register(function!(error::gt_error_trace_id))
        .register(function!(error::gt_error_claims))
        .register(function!(error::gt_error_http_status))
        .register(function!(error::gt_error_retry_after))
        .register(function!(error::gt_error_service_code_count))
        .register(function!(error::gt_error_service_code))
        .register(function!(options::gt_options_new))
        .register(function!(options::gt_options_set))
        .register(function!(options::gt_options_free))
        .register(function!(certificate::gt_certificate_new_from_file))
        .register(function!(certificate::gt_certificate_new_from_bytes))
        .register(function!(certificate::gt_certificate_new_with_signer))
        .register(function!(pkcs11::gt_certificate_new_from_pkcs11))
        .register(function!(certificate::gt_certificate_new_from_store))
        .register(function!(certificate::gt_certificate_subject))
        .register(function!(certificate::gt_certificate_thumbprint_sha1))
        .register(function!(certificate::gt_certificate_thumbprint_sha256))
        .register(function!(certificate::gt_certificate_warning))
        .register(function!(certificate::gt_certificate_not_before))
        .register(function!(certificate::gt_certificate_not_after))
        .register(function!(certificate::gt_certificate_key_bits))
        .register(function!(certificate::gt_certificate_free))
        .register(function!(certificate_search::gt_certificate_search_new_by_thumbprint))
        .register(function!(certificate_search::gt_certificate_search_new_by_subject_name))
        .register(function!(certificate_search::gt_certificate_search_add))
        .register(function!(certificate_search::gt_certificate_search_searched))
        .register(function!(certificate_search::gt_certificate_search_choose))
        .register(function!(certificate_search::gt_certificate_search_key_refused))
        .register(function!(certificate_search::gt_certificate_search_free))
        .register(function!(credential::gt_credential_new_certificate))
        .register(function!(credential::gt_credential_new_secret))
        .register(function!(credential::gt_credential_new_assertion))
        .register(function!(credential::gt_credential_free))
        .register(function!(cache::gt_cache_clear))
        .register(function!(cache::gt_cache_remove))
        .register(function!(cached_tokens::gt_cached_tokens_new))
        .register(function!(cached_tokens::gt_cached_tokens_count))
        .register(function!(cached_tokens::gt_cached_tokens_file))
        .register(function!(cached_tokens::gt_cached_tokens_tenant))
        .register(function!(cached_tokens::gt_cached_tokens_client_id))
        .register(function!(cached_tokens::gt_cached_tokens_environment))
        .register(function!(cached_tokens::gt_cached_tokens_username))
        .register(function!(cached_tokens::gt_cached_tokens_scopes))
        .register(function!(cached_tokens::gt_cached_tokens_is_for_user))
        .register(function!(cached_tokens::gt_cached_tokens_expires_on))
        .register(function!(cached_tokens::gt_cached_tokens_free))
        .register(function!(client::gt_client_new))
        .register(function!(client::gt_client_new_managed_identity))
        .register(function!(client::gt_client_acquire))
        .register(function!(client::gt_client_cached))
        .register(function!(client::gt_client_assertion))
        .register(function!(client::gt_client_cache_failure))
        .register(function!(client::gt_client_token_endpoint))
        .register(function!(client::gt_client_tenant))
        .register(function!(client::gt_client_client_id))
        .register(function!(client::gt_client_free))
        .register(function!(device_code::gt_device_code_new))
        .register(function!(device_code::gt_device_code_message))
        .register(function!(device_code::gt_device_code_user_code))
        .register(function!(device_code::gt_device_code_verification_uri))
        .register(function!(device_code::gt_device_code_verification_uri_complete))
        .register(function!(device_code::gt_device_code_link))
        .register(function!(device_code::gt_device_code_expires_in))
        .register(function!(device_code::gt_device_code_interval))
        .register(function!(device_code::gt_device_code_free))
        .register(function!(sign_in::gt_sign_in_new))
        .register(function!(sign_in::gt_sign_in_url))
        .register(function!(sign_in::gt_sign_in_redirect_uri))
        .register(function!(sign_in::gt_sign_in_open_browser))
        .register(function!(sign_in::gt_sign_in_free))
        .register(function!(request::gt_request_new_client_credentials))
        .register(function!(request::gt_request_new_password))
        .register(function!(request::gt_request_new_refresh_token))
        .register(function!(request::gt_request_new_on_behalf_of))
        .register(function!(device_code::gt_request_new_device_code))
        .register(function!(sign_in::gt_request_new_sign_in))
        .register(function!(request::gt_request_free))
        .register(function!(token::gt_token_access_token))
        .register(function!(token::gt_token_refresh_token))
        .register(function!(token::gt_token_id_token))
        .register(function!(token::gt_token_token_type))
        .register(function!(token::gt_token_scopes))
        .register(function!(token::gt_token_username))
        .register(function!(token::gt_token_tenant_id))
        .register(function!(token::gt_token_client_id))
        .register(function!(token::gt_token_correlation_id))
        .register(function!(token::gt_token_expires_on))
        .register(function!(token::gt_token_expires_in))
        .register(function!(token::gt_token_refresh_on))
        .register(function!(token::gt_token_source))
        .register(function!(token::gt_token_free))
        .register(function!(token_store::gt_token_store_new))
        .register(function!(token_store::gt_options_set_token_store))
        .register(function!(token_store::gt_token_store_free))
        .register(function!(assertion::gt_assertion_text))
        .register(function!(assertion::gt_assertion_free))
        .register(function!(jwt::gt_jwt_new))
        .register(function!(jwt::gt_jwt_header))
        .register(function!(jwt::gt_jwt_claims))
        .register(function!(jwt::gt_jwt_free))
        .register(function!(diagnosis::gt_diagnosis_new))
        .register(function!(diagnosis::gt_diagnosis_count))
        .register(function!(diagnosis::gt_diagnosis_check))
        .register(function!(diagnosis::gt_diagnosis_status))
        .register(function!(diagnosis::gt_diagnosis_detail))
        .register(function!(diagnosis::gt_diagnosis_hint))
        .register(function!(diagnosis::gt_diagnosis_detail_on))
        .register(function!(diagnosis::gt_diagnosis_hint_on))
        .register(function!(diagnosis::gt_diagnosis_free))
        .register(function!(cancel::gt_cancel_new))
        .register(function!(cancel::gt_cancel_signal))
        .register(function!(cancel::gt_cancel_free));
    #[cfg(feature = "flows")]
    let builder = builder
        .register(function!(client::gt_client_new_environment))
        .register(function!(client::gt_client_new_chain))
        .register(function!(client::gt_client_new_developer_tool))
        .register(function!(client::gt_client_chosen))
        .register(function!(client::gt_client_passed_over))
        .register(function!(client::gt_client_warning))
        .register(function!(diagnosis::gt_diagnosis_new_for_source))
        .register(function!(federation::gt_credential_new_federated_token_file))
        .register(function!(federation::gt_credential_new_github_actions))
        .register(function!(federation::gt_credential_new_azure_pipelines))
        .register(function!(federation::gt_credential_new_with_assertion))
        .register(function!(accounts::gt_client_accounts))
        .register(function!(accounts::gt_client_sign_out))
        .register(function!(accounts::gt_request_new_account))
        .register(function!(accounts::gt_accounts_count))
        .register(function!(accounts::gt_accounts_username))
        .register(function!(accounts::gt_accounts_home_account_id))
        .register(function!(accounts::gt_accounts_local_account_id))
        .register(function!(accounts::gt_accounts_name))
        .register(function!(accounts::gt_accounts_tenant))
        .register(function!(accounts::gt_accounts_environment))
        .register(function!(accounts::gt_accounts_authority_type))
        .register(function!(accounts::gt_accounts_free));
    builder.inventory()
}

/// Describes a callback to the generator, which cannot see through a function pointer of this many parameters. Buffers
/// are plain addresses there: C# would otherwise take each for a single byte.
fn callback(name: &str, parameters: &[(&str, CType)], result: CType) -> CType {
    let parameters = parameters
        .iter()
        .map(|(name, kind)| Parameter::new((*name).to_owned(), kind.clone()))
        .collect();
    let pointer = FnPointerType::new_named(FunctionSignature::new(parameters, result), name.to_owned());
    let meta = Meta::with_namespace_documentation(String::new(), Documentation::new(), None);
    CType::Pattern(TypePattern::NamedCallback(NamedCallback::with_meta(pointer, meta)))
}

fn address() -> CType {
    <*mut c_void>::type_info()
}

// SAFETY: the type is a function pointer of exactly this signature.
unsafe impl CTypeInfo for GtSigner {
    fn type_info() -> CType {
        let parameters = [
            ("context", address()),
            ("algorithm", i32::type_info()),
            ("digest", address()),
            ("digest_len", u64::type_info()),
            ("signature", address()),
            ("signature_capacity", u64::type_info()),
            ("signature_len", <*mut u64>::type_info()),
        ];
        callback("GtSigner", &parameters, i32::type_info())
    }
}

// SAFETY: the type is a function pointer of exactly this signature.
#[cfg(feature = "flows")]
unsafe impl CTypeInfo for GtAssertionCallback {
    fn type_info() -> CType {
        let parameters = [
            ("context", address()),
            ("tenant", address()),
            ("tenant_len", u64::type_info()),
            ("client_id", address()),
            ("client_id_len", u64::type_info()),
            ("token_endpoint", address()),
            ("token_endpoint_len", u64::type_info()),
            ("assertion", address()),
            ("assertion_capacity", u64::type_info()),
            ("assertion_len", <*mut u64>::type_info()),
        ];
        callback("GtAssertionCallback", &parameters, i32::type_info())
    }
}

// SAFETY: the type is a function pointer of exactly this signature.
#[cfg(feature = "flows")]
unsafe impl CTypeInfo for GtAssertionRelease {
    fn type_info() -> CType {
        release_callback("GtAssertionRelease")
    }
}

/// What each callback of a token store begins with, and `more`.
fn store_callback(name: &str, more: &[(&str, CType)]) -> CType {
    let begin = [
        ("context", address()),
        ("name", address()),
        ("name_len", u64::type_info()),
    ];
    callback(name, &[&begin, more].concat(), i32::type_info())
}

// SAFETY: the type is a function pointer of exactly this signature.
unsafe impl CTypeInfo for GtTokenStoreRead {
    fn type_info() -> CType {
        let record = [
            ("record", address()),
            ("record_capacity", u64::type_info()),
            ("record_len", <*mut u64>::type_info()),
        ];
        store_callback("GtTokenStoreRead", &record)
    }
}

// SAFETY: the type is a function pointer of exactly this signature.
unsafe impl CTypeInfo for GtTokenStoreWrite {
    fn type_info() -> CType {
        let record = [
            ("record", address()),
            ("record_len", u64::type_info()),
            ("lifetime_seconds", u64::type_info()),
        ];
        store_callback("GtTokenStoreWrite", &record)
    }
}

// SAFETY: the type is a function pointer of exactly this signature.
unsafe impl CTypeInfo for GtTokenStoreRemove {
    fn type_info() -> CType {
        store_callback("GtTokenStoreRemove", &[])
    }
}

// SAFETY: the type is a function pointer of exactly this signature.
unsafe impl CTypeInfo for GtTokenStoreLock {
    fn type_info() -> CType {
        let owner = [
            ("owner", address()),
            ("owner_len", u64::type_info()),
            ("lifetime_seconds", u64::type_info()),
        ];
        store_callback("GtTokenStoreLock", &owner)
    }
}

// SAFETY: the type is a function pointer of exactly this signature.
unsafe impl CTypeInfo for GtTokenStoreUnlock {
    fn type_info() -> CType {
        let owner = [("owner", address()), ("owner_len", u64::type_info())];
        store_callback("GtTokenStoreUnlock", &owner)
    }
}

// SAFETY: the type is a function pointer of exactly this signature.
unsafe impl CTypeInfo for GtTokenStoreRelease {
    fn type_info() -> CType {
        release_callback("GtTokenStoreRelease")
    }
}

fn release_callback(name: &str) -> CType {
    callback(name, &[("context", address())], CType::Primitive(PrimitiveType::Void))
}

// SAFETY: the type is a function pointer of exactly this signature.
unsafe impl CTypeInfo for GtSignerRelease {
    fn type_info() -> CType {
        release_callback("GtSignerRelease")
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security;

namespace GraphToken;

/// <summary>A <c>gt_options</c>.</summary>
internal sealed class OptionsHandle : NativeHandle
{
    internal OptionsHandle()
        : base(Native.gt_options_new)
    {
    }

    /// <summary>
    /// A duration as options take it: whole seconds, rounded up so that a fraction does not become zero.
    /// </summary>
    internal static string Seconds(TimeSpan duration) =>
        Math.Ceiling(duration.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Seconds(TimeSpan)"/>
    internal static string? Seconds(TimeSpan? duration) => duration is TimeSpan given ? Seconds(given) : null;

    internal void SetAll(IEnumerable<KeyValuePair<string, string>> options)
    {
        foreach (KeyValuePair<string, string> option in options)
        {
            SetWhen(option.Value, option.Key);
        }
    }

    /// <summary>Sets an option unless there is no value.</summary>
    internal void SetWhen(string? value, string key)
    {
        if (value != null)
        {
            using Utf8Text text = Utf8Text.Of(value, key);
            Set(key, text);
        }
    }

    /// <summary>Sets an option to a secret.</summary>
    internal void SetSecret(string key, SecureString secret)
    {
        using Utf8Text text = Utf8Text.OfSecret(secret, key);
        Set(key, text);
    }

    /// <summary>Shares tokens through a store.</summary>
    internal void SetTokenStore(TokenStoreHandle store)
    {
        using HandleUse options = Use();
        using HandleUse lent = store.Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_options_set_token_store(options.Pointer, lent.Pointer, ref error);
        NativeError.ThrowIfFailed(status, error);
    }

    private void Set(string key, Utf8Text value)
    {
        using Utf8Text keyText = Utf8Text.Of(key, "option");
        using HandleUse options = Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_options_set(options.Pointer, keyText.Borrow(), value.Borrow(), ref error);
        NativeError.ThrowIfFailed(status, error);
    }

    private protected override void Free(IntPtr handle) => Native.gt_options_free(handle);
}

using System;
using System.Collections.Generic;
using System.Globalization;

namespace GraphToken;

/// <summary>A <c>gt_options</c>.</summary>
internal sealed class OptionsHandle : NativeHandle
{
    internal OptionsHandle()
        : base(Native.gt_options_new)
    {
    }

    /// <summary>A duration as options take it: whole seconds, rounded up so that little is not nothing.</summary>
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
        if (value == null)
        {
            return;
        }
        using Utf8Text keyText = Utf8Text.Of(key, "option");
        using Utf8Text valueText = Utf8Text.Of(value, key);
        using HandleUse options = Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_options_set(options.Pointer, keyText.Borrow(), valueText.Borrow(), ref error);
        NativeError.ThrowIfFailed(status, error);
    }

    private protected override void Free(IntPtr handle) => Native.gt_options_free(handle);
}

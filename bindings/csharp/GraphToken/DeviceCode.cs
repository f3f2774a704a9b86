using System;

namespace GraphToken;

/// <summary>
/// A code with which a user signs in on another device, and the page on which the user enters it (RFC 8628).
/// </summary>
/// <remarks>
/// Show the user <see cref="Message"/>. Never open <see cref="Link"/> unasked: the code must be one that its user has
/// asked for (RFC 8628 section 5.4). All texts come from the service; they are on one line, without control characters.
/// </remarks>
public sealed class DeviceCode
{
    internal DeviceCode(DeviceCodeHandle handle)
    {
        Message = handle.ReadText(Native.gt_device_code_message);
        UserCode = handle.ReadText(Native.gt_device_code_user_code);
        VerificationUri = handle.ReadText(Native.gt_device_code_verification_uri);
        VerificationUriComplete = TextOrNull(handle.ReadText(Native.gt_device_code_verification_uri_complete));
        Link = TextOrNull(handle.ReadText(Native.gt_device_code_link));
        ExpiresIn = TimeSpan.FromSeconds(handle.Read<long>(Native.gt_device_code_expires_in));
        Interval = TimeSpan.FromSeconds(handle.Read<long>(Native.gt_device_code_interval));
    }

    /// <summary>What to tell the user: which page to open, and which code to enter there.</summary>
    public string Message { get; }

    /// <summary>The code that the user enters.</summary>
    public string UserCode { get; }

    /// <summary>The page on which the user enters the code.</summary>
    public string VerificationUri { get; }

    /// <summary>
    /// The page with the code filled in; <see langword="null"/> if the service has none, as Microsoft Entra ID.
    /// </summary>
    public string? VerificationUriComplete { get; }

    /// <summary>
    /// The address that may be shown as a link or a QR code: the page, with the code filled in if there is such a page.
    /// <see langword="null"/> if it is neither an https address nor one of this machine.
    /// </summary>
    public string? Link { get; }

    /// <summary>How long the code was still valid when it arrived, in whole seconds.</summary>
    public TimeSpan ExpiresIn { get; }

    /// <summary>How long the engine waits before each time that it asks the service.</summary>
    public TimeSpan Interval { get; }

    /// <summary>The message to the user.</summary>
    public override string ToString() => Message;

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;
}

using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>A <c>gt_diagnosis</c>.</summary>
internal sealed class DiagnosisHandle : NativeHandle
{
    private DiagnosisHandle(NativeConstructor constructor, ExternalSigner? signer)
        : base(constructor, signer)
    {
    }

    /// <summary>A native function that reads a value of the finding at an index.</summary>
    private delegate int FindingGetter<T>(IntPtr handle, ulong index, out T value);

    internal static DiagnosisHandle Of(
        Utf8Text tenant,
        Utf8Text clientId,
        ClientCredential? credential,
        ErrorHandle? credentialError,
        OptionsHandle options,
        Cancellation cancellation)
    {
        using HandleUse lent = new(credential?.Handle);
        using HandleUse failure = new(credentialError);
        using HandleUse settings = options.Use();
        IntPtr credentialPointer = lent.Pointer;
        IntPtr failurePointer = failure.Pointer;
        IntPtr settingsPointer = settings.Pointer;
        return new(
            (ref IntPtr diagnosis, ref IntPtr error) => Native.gt_diagnosis_new(
                tenant.Borrow(),
                clientId.Borrow(),
                credentialPointer,
                failurePointer,
                settingsPointer,
                cancellation.Pointer,
                ref diagnosis,
                ref error),
            credential?.Signer);
    }

    internal IReadOnlyList<SetupFinding> Findings()
    {
        using HandleUse use = Use();
        var findings = new List<SetupFinding>();
        ulong count = Read<ulong>(Native.gt_diagnosis_count);
        for (ulong index = 0; index < count; index++)
        {
            findings.Add(new SetupFinding(
                Utf8Text.Read(At<GtStr>(use, index, Native.gt_diagnosis_check)),
                (SetupFindingStatus)At<int>(use, index, Native.gt_diagnosis_status),
                Utf8Text.Read(At<GtStr>(use, index, Native.gt_diagnosis_detail)),
                Utf8Text.Read(At<GtStr>(use, index, Native.gt_diagnosis_hint))));
        }
        return findings;
    }

    private protected override void Free(IntPtr handle) => Native.gt_diagnosis_free(handle);

    private static T At<T>(HandleUse use, ulong index, FindingGetter<T> getter)
    {
        NativeError.ThrowIfFailed(getter(use.Pointer, index, out T value), IntPtr.Zero);
        return value;
    }
}

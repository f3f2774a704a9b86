using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>A <c>gt_diagnosis</c>.</summary>
internal sealed class DiagnosisHandle : NativeHandle
{
    private DiagnosisHandle(NativeConstructor constructor, ExternalCallback? callback)
        : base(constructor, callback)
    {
    }

    /// <summary>A native function that reads a value of the finding at an index.</summary>
    private delegate int FindingGetter<T>(IntPtr handle, ulong index, out T value);

    /// <summary>A native function that reads a text of the finding at an index in the words of a surface.</summary>
    private delegate int SurfaceGetter(IntPtr handle, ulong index, int surface, out GtStr text);

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
            credential?.Callback);
    }

    /// <summary>The diagnosis of a source that needs no application.</summary>
    internal static DiagnosisHandle Of(string source, OptionsHandle options, Cancellation cancellation)
    {
        using HandleUse settings = options.Use();
        using Utf8Text name = Utf8Text.Of(source, nameof(source));
        IntPtr settingsPointer = settings.Pointer;
        return new(
            (ref IntPtr diagnosis, ref IntPtr error) => Native.gt_diagnosis_new_for_source(
                name.Borrow(), settingsPointer, cancellation.Pointer, ref diagnosis, ref error),
            null);
    }

    internal IReadOnlyList<SetupFinding> Findings(GtSurface surface)
    {
        using HandleUse use = Use();
        var findings = new List<SetupFinding>();
        ulong count = Read<ulong>(Native.gt_diagnosis_count);
        for (ulong index = 0; index < count; index++)
        {
            findings.Add(new SetupFinding(
                Utf8Text.Read(At<GtStr>(use, index, Native.gt_diagnosis_check)),
                (SetupFindingStatus)At<int>(use, index, Native.gt_diagnosis_status),
                TextAt(use, index, Native.gt_diagnosis_detail_on, surface),
                TextAt(use, index, Native.gt_diagnosis_hint_on, surface)));
        }
        return findings;
    }

    private protected override void Free(IntPtr handle) => Native.gt_diagnosis_free(handle);

    private static string TextAt(HandleUse use, ulong index, SurfaceGetter getter, GtSurface surface)
    {
        NativeError.ThrowIfFailed(getter(use.Pointer, index, (int)surface, out GtStr text), IntPtr.Zero);
        return Utf8Text.Read(text);
    }

    private static T At<T>(HandleUse use, ulong index, FindingGetter<T> getter)
    {
        NativeError.ThrowIfFailed(getter(use.Pointer, index, out T value), IntPtr.Zero);
        return value;
    }
}

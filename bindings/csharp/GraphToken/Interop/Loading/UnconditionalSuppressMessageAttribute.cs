namespace System.Diagnostics.CodeAnalysis;

/// <summary>What .NET Standard lacks; native AOT and the trimmer know it by its name, wherever it is defined.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnconditionalSuppressMessageAttribute(string category, string checkId) : Attribute
{
    public string Category { get; } = category;

    public string CheckId { get; } = checkId;

    public string? Justification { get; set; }
}

using System;
using System.Globalization;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>Lets a duration be a <see cref="TimeSpan"/> or a number of seconds.</summary>
/// <remarks>PowerShell alone would read the number 300 as 300 ticks and the text "300" as 300 days.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is TimeSpan ? value : SecondsOf(value) is double seconds ? DurationOf(seconds) : Parsed(value);
    }

    private static double? SecondsOf(object value) => value switch
    {
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture),
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) =>
            number,
        _ => null,
    };

    private static TimeSpan DurationOf(double seconds)
    {
        try
        {
            return TimeSpan.FromSeconds(seconds);
        }
        catch (Exception error) when (error is OverflowException or ArgumentException)
        {
            throw new ArgumentTransformationMetadataException($"{seconds:R} seconds is not a valid duration.");
        }
    }

    private static TimeSpan Parsed(object value) =>
        value is string text && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan duration)
            ? duration
            : throw new ArgumentTransformationMetadataException(
                "Pass a duration as a number of seconds, such as 300, or as a TimeSpan, such as '00:05:00'.");
}

using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GraphToken.Tests;

/// <summary>What services and proxies may repeat of the secrets in a request, and how they may write it.</summary>
internal static class Echo
{
    internal static readonly Dictionary<string, Func<string, string>> Forms = new()
    {
        ["as it is"] = text => text,
        ["percent-encoded"] = Uri.EscapeDataString,
        ["percent-encoded in lower case"] = text => Each(text, value => $"%{value:x2}"),
        ["form-encoded"] = text => WebUtility.UrlEncode(text),
        ["HTML-escaped"] = text => WebUtility.HtmlEncode(text),
        ["HTML-escaped by number"] = text => string.Concat(text.EnumerateRunes().Select(rune => $"&#x{rune.Value:x};")),
        ["JSON-escaped"] = text => JsonSerializer.Serialize(text),
        ["JSON-escaped by number"] = text => string.Concat(text.Select(unit => $"\\u{(int)unit:x4}")),
        ["Base64"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        ["Base64, one byte on"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes("x" + text)),
        ["Base64url, two bytes on"] = text => Base64Url.EncodeToString(Encoding.UTF8.GetBytes("xy" + text)),
        ["hexadecimal"] = text => Each(text, value => $"{value:x2}"),
        ["hexadecimal with hyphens"] = text => BitConverter.ToString(Encoding.UTF8.GetBytes(text)),
        ["hexadecimal with marks"] = text => Each(text, value => $"0x{value:x2}, "),
        ["a list of numbers"] = text => Each(text, value => $"{value}, "),
        ["numbers on lines"] = text => Each(text, value => $"{value}\n"),
        ["bytes HTML-escaped by number"] = text => Each(text, value => $"&#x{value:x};"),
        ["spaced"] = text => string.Join(' ', text.AsEnumerable()),
        ["with zero-width characters"] = text => string.Join('\u200b', text.AsEnumerable()),
        ["cut off"] = text => text[..^6],
        ["without its start"] = text => text[4..],
    };

    /// <summary>An error of the token service that repeats the secrets wherever it can hold text.</summary>
    internal static string Refusal(string request, string status, string oauthError, int code, string form)
    {
        string echo = Forms[form](SecretsIn(request));
        return StandInService.HttpAnswer(status, JsonSerializer.Serialize(new
        {
            error = oauthError,
            error_description = $"AADSTS{code}: You sent {echo}.",
            error_codes = new[] { code },
            suberror = echo,
            // Claims make any refusal one that asks for interaction.
            claims = oauthError == "interaction_required" ? $$"""{"access_token":"{{echo}}"}""" : "",
            correlation_id = echo,
            trace_id = echo,
        }));
    }

    /// <summary>A web page that repeats the secrets, as those that block a request do.</summary>
    internal static string Page(string request, string status, string form)
    {
        string echo = Forms[form](SecretsIn(request));
        return StandInService.HttpAnswer(
            $"{status}\r\nProxy-Authenticate: Basic realm=\"{Regex.Replace(echo, "[^ -~]|\"", "")}\"",
            $"<html><head><title>{echo}</title></head><body><h1>You sent {echo}</h1></body></html>");
    }

    /// <summary>An error of Redis that repeats the command.</summary>
    internal static string RedisError(string command, string form) =>
        $"-WRONGPASS {Forms[form](command.ReplaceLineEndings(" ").TrimEnd())}\r\n";

    /// <summary>The secrets in the form of a token request, and those for a proxy.</summary>
    internal static string SecretsIn(string request)
    {
        IEnumerable<string> fields = Regex
            .Matches(request, "(?:client_secret|client_assertion|assertion|password|refresh_token)=([^&]+)")
            .Select(field => WebUtility.UrlDecode(field.Groups[1].Value));
        IEnumerable<string> logins = Regex
            .Matches(request, "proxy-authorization: basic ([^\r]+)", RegexOptions.IgnoreCase)
            .Select(login => Encoding.UTF8.GetString(Convert.FromBase64String(login.Groups[1].Value)));
        // Of a request to the token service of a job.
        IEnumerable<string> bearers = Regex
            .Matches(request, "\nauthorization: bearer ([^\r]+)", RegexOptions.IgnoreCase)
            .Select(bearer => bearer.Groups[1].Value);
        string secrets = string.Join(' ', fields.Concat(logins).Concat(bearers));
        return secrets.Length > 0
            ? secrets
            : throw new InvalidOperationException($"There are no secrets in: {request}");
    }

    private static string Each(string text, Func<byte, string> form) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(form));
}

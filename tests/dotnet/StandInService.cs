using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace GraphToken.Tests;

/// <summary>A token service, a proxy or a Redis server that answers every request in the same way, or never.</summary>
internal sealed class StandInService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<string> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, string?> _answer;
    private readonly Task _serving;

    /// <summary>Answers with JSON.</summary>
    internal StandInService(string answer)
        : this(_ => HttpAnswer("200 OK", answer))
    {
    }

    /// <summary>Answers with what is made of the request; where that is null, it waits until this service ends.
    /// </summary>
    internal StandInService(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    internal string HostAndPort => $"{_listener.LocalEndpoint}";

    internal string Address => $"http://{HostAndPort}";

    internal string TenantUrl => $"{Address}/{Emulator.Tenant}";

    /// <summary>The text of the first request, once it has come.</summary>
    internal Task<string> Asked => _asked.Task;

    /// <summary>An answer after which the connection is closed.</summary>
    internal static string HttpAnswer(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n" +
        $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public void Dispose()
    {
        _end.Cancel();
        _serving.Wait();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        while (!_end.IsCancellationRequested)
        {
            try
            {
                connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                // A client that has gone before it was accepted, or the end.
            }
        }
        await Task.WhenAll(connections);
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                while (await RequestAsync(stream) is string request)
                {
                    _asked.TrySetResult(request);
                    if (_answer(request) is string answer)
                    {
                        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                        return;
                    }
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
            {
                // The client has gone, or the service ends: either way there is nobody to answer.
            }
        }
    }

    /// <summary>The next whole request, however many pieces it comes in; null when the client has gone.</summary>
    private async Task<string?> RequestAsync(NetworkStream stream)
    {
        var buffer = new byte[65536];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), _end.Token);
            if (read == 0)
            {
                return null;
            }
            length += read;
            string text = Encoding.Latin1.GetString(buffer, 0, length);
            if (IsWhole(text))
            {
                return text;
            }
        }
    }

    private static bool IsWhole(string request)
    {
        if (request.StartsWith('*'))
        {
            // A command of Redis, which is written at once.
            return true;
        }
        int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Match length =
            Regex.Match(request, "^content-length: ([0-9]+)\r$", RegexOptions.IgnoreCase | RegexOptions.Multiline);
        int body = length.Success ? int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return end >= 0 && request.Length >= end + 4 + body;
    }
}

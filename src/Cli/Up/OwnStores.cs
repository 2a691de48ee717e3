using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StackExchange.Redis;

namespace Delivery.Cli.Up;

/// <summary>Asks the stores that the operator named, before anything starts, so that a wrong one is one line and not a log file.</summary>
internal static class OwnStores
{
    /// <summary>The oldest ClickHouse that the schema is written for.</summary>
    public static readonly Version MinimumClickHouse = new(24, 8);
    private const string AuthenticationFailed = "516";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <exception cref="LaunchException">It does not answer, or refuses.</exception>
    public static async Task CheckRedisAsync(string configuration)
    {
        var address = configuration.Split(',')[0];
        try
        {
            var options = ConfigurationOptions.Parse(configuration);
            options.AbortOnConnectFail = true;
            options.ConnectTimeout = (int)Deadline.TotalMilliseconds;
            options.ConnectRetry = 1;
            using var connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(Deadline * 2);
            await connection.GetDatabase().PingAsync().WaitAsync(Deadline);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ArgumentException or IOException)
        {
            throw new LaunchException($"the Redis at {address} does not answer: check --redis and that it runs and lets you in, or leave --redis out to have one started");
        }
    }

    /// <exception cref="LaunchException">It does not answer, refuses, or is too old.</exception>
    public static async Task CheckClickHouseAsync(Uri url, string? user, string? password)
    {
        var address = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (url.UserInfo.Length > 0)
        {
            var parts = url.UserInfo.Split(':', 2);
            (user, password) = (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        string answer;
        try
        {
            using var client = new HttpClient { Timeout = Deadline };
            using var request = new HttpRequestMessage(HttpMethod.Get, address + "?query=" + Uri.EscapeDataString("SELECT version()"));
            if (user is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
            using var response = await client.SendAsync(request);
            answer = (await response.Content.ReadAsStringAsync()).Trim();
            if (response.StatusCode != HttpStatusCode.OK)
                throw new LaunchException(Refusal(address, response, answer));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            throw new LaunchException($"no ClickHouse answers at {address}: check --clickhouse (the HTTP port, 8123 by default), or leave it out to use the embedded engine");
        }

        var numbers = answer.Split('.');
        if (numbers.Length < 2 || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
            throw new LaunchException($"what answers at {address} is no ClickHouse: check --clickhouse (the HTTP port, 8123 by default)");
        if (new Version(major, minor) < MinimumClickHouse)
            throw new LaunchException($"the ClickHouse at {address} is {answer}, older than {MinimumClickHouse}: update it, or leave --clickhouse out to use the embedded engine");
    }

    /// <summary>A ClickHouse that fails names its error code in a header; what has none of them is another server.</summary>
    private static string Refusal(string address, HttpResponseMessage response, string answer)
    {
        var status = (int)response.StatusCode;
        var code = response.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var values) ? values.First() : null;
        if (code == AuthenticationFailed || response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return $"the ClickHouse at {address} answers {status}: check the user and password in --clickhouse http://USER:PASSWORD@HOST:PORT";
        return code is null
            ? $"no ClickHouse answers at {address}, another server does (status {status}): check --clickhouse (the HTTP port, 8123 by default)"
            : $"the ClickHouse at {address} answers {status} to SELECT version(): {answer.Split('\n')[0]}";
    }
}

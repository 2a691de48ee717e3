using System.Net;
using Microsoft.Extensions.Options;

namespace Delivery.EmbeddedClickHouse;

/// <summary>What the annotations of <see cref="EngineOptions"/> cannot say.</summary>
internal sealed class EngineUrlValidator : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
            return ValidateOptionsResult.Fail("EmbeddedClickHouse:Url must be an http address such as http://127.0.0.1:8123.");
        if (!IsLoopback(url) && string.IsNullOrEmpty(options.Password))
            return ValidateOptionsResult.Fail("EmbeddedClickHouse:Url is not a loopback address, so EmbeddedClickHouse:Password must be set.");
        return ValidateOptionsResult.Success;
    }

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

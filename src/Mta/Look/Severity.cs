using System.Text.Json.Serialization;

namespace Delivery.Mta.Look;

/// <summary>How bad a finding is. An error: the recipient gets no mail, or one that does harm. A warning: the mail is probably not what was meant.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    [JsonStringEnumMemberName("error")]
    Error,

    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("info")]
    Info,
}

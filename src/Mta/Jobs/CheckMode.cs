using System.Text.Json.Serialization;

namespace Delivery.Mta.Jobs;

/// <summary>What is done with what a look at the job's mail finds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckMode>))]
internal enum CheckMode
{
    /// <summary>Nobody looks.</summary>
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>It is told in the answer.</summary>
    [JsonStringEnumMemberName("warn")]
    Warn,

    /// <summary>Errors and warnings refuse the job.</summary>
    [JsonStringEnumMemberName("strict")]
    Strict,
}

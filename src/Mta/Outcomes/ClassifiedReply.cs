using System.Text.Json.Serialization;

namespace Delivery.Mta.Outcomes;

/// <summary>What <c>GET /v1/bounces/classify</c> answers.</summary>
/// <param name="Scope">Null: what the refused command is about.</param>
/// <param name="Result"><c>deferred</c> or <c>bounced</c>.</param>
/// <param name="Suppresses">Whether the address gets no more mail.</param>
/// <param name="Rule">Null where no rule matches.</param>
/// <param name="RetryInSeconds">What the peer asks for; null where it does not, or is not tried again.</param>
/// <param name="Text">As rules see it.</param>
internal sealed record ClassifiedReply(
    string Class, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Scope, string Result, bool Suppresses,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Rule, int? RetryInSeconds, string Text);

using System.Globalization;
using Delivery.Contracts.Access;
using Delivery.Contracts.Telemetry;
using Delivery.Mta.Jobs;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Mta.Outcomes;

/// <summary>What the rules make of replies: <c>GET /v1/bounces/unknown</c> and <c>GET /v1/bounces/classify</c>.</summary>
internal static class BounceEndpoints
{
    private const int DefaultLimit = 100;
    private const int MostAtOnce = 1_000;
    private const int LongestReply = 4_096;

    public static void MapBounces(this IEndpointRouteBuilder routes)
    {
        // Reads the operator's rules: a fault in them stops the start instead of the first bounce.
        routes.ServiceProvider.GetRequiredService<BounceClassifier>();
        var bounces = routes.MapGroup("/v1/bounces").WithTags("bounces");
        bounces.MapGet("unknown", Unknown)
            .WithName("ListUnknownReplies")
            .WithSummary("Lists replies that no bounce rule knows, the most frequent first")
            .WithDescription($"Query: limit (1 to {MostAtOnce}). Of all accounts, so for operators: from this machine, or an address of Operators:Addresses. Addresses, IPs, numbers and ids are placeholders.")
            .Produces<UnknownReplyList>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        bounces.MapGet("classify", Classify)
            .WithName("ClassifyReply")
            .WithSummary("Says what would be made of a reply")
            .WithDescription("Query: reply (such as '550 5.1.1 No such user'), peer (host name of who says it, where rules look at that).")
            .Produces<ClassifiedReply>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
    }

    private static IResult Unknown(HttpContext context, SpoolReader reader, ApiKeyTable access, OperatorGate gate)
    {
        if (!context.TryGetAccount(access, Right.Read, out _, out var refusal))
            return refusal;
        if (!gate.Lets(context))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "Not for every account", "The list is about the mail of all accounts: ask from the machine that the Mta runs on, or from an address of Operators:Addresses.");
        }

        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var number)
            && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostAtOnce))
            return Refuse("limit", $"must be a number from 1 to {MostAtOnce}");
        if (Stranger(query, "limit") is { } stranger)
            return Refuse(stranger, "is not known here; known is limit");
        var replies = reader.UnknownReplies(limit);
        var list = new List<ListedUnknownReply>(replies.Count);
        foreach (var one in replies)
        {
            list.Add(new ListedUnknownReply(
                one.Code, one.Enhanced, one.Text, one.Count, DateTimeOffset.FromUnixTimeMilliseconds(one.FirstMs), DateTimeOffset.FromUnixTimeMilliseconds(one.LastMs)));
        }

        return TypedResults.Json(new UnknownReplyList(list), MtaJson.Default.UnknownReplyList);
    }

    private static IResult Classify(HttpContext context, BounceClassifier classifier, ApiKeyTable access)
    {
        if (!context.TryGetAccount(access, Right.Read, out _, out var refusal))
            return refusal;
        var query = context.Request.Query;
        var line = query["reply"].ToString();
        var peer = query["peer"].ToString();
        if (line.Length > LongestReply || !ReplyStatus.TryParseReply(line, out var reply))
            return Refuse("reply", $"must be a reply with a code from 400 to 599, such as '550 5.1.1 No such user', of up to {LongestReply} characters");
        if (peer.Length > 255 || peer.Contains(' '))
            return Refuse("peer", "must be a host name");
        if (Stranger(query, "reply", "peer") is { } stranger)
            return Refuse(stranger, "is not known here; known are reply, peer");
        return TypedResults.Json(Say(reply, classifier.Classify(reply, peer.Length == 0 ? null : peer)), MtaJson.Default.ClassifiedReply);
    }

    private static ClassifiedReply Say(in SmtpReply reply, BounceVerdict verdict)
    {
        var bounced = verdict.Treatment == ReplyTreatment.Bounced || (verdict.Treatment == ReplyTreatment.AsReplied && reply.IsPermanent);
        int? seconds = !bounced && RetryHint.TryRead(verdict.Class, reply.Text, out var asked) ? (int)asked.TotalSeconds : null;
        Span<char> text = stackalloc char[ReplyPlaceholders.MaxLength];
        return new ClassifiedReply(
            BounceClassNames.Of(verdict.Class), verdict.Scope?.ToString().ToLowerInvariant(), bounced ? "bounced" : "deferred",
            bounced && verdict.AddressIsUnknown && reply.IsPermanent, verdict.Rule, seconds, text[..ReplyPlaceholders.Write(reply.Text, text)].ToString());
    }

    private static string? Stranger(IQueryCollection query, params ReadOnlySpan<string> known)
    {
        foreach (var name in query.Keys)
        {
            if (!known.Contains(name))
                return name.Length > 100 ? name[..100] : name;
        }

        return null;
    }

    private static ProblemHttpResult Refuse(string field, string message) =>
        Problems.Of(StatusCodes.Status400BadRequest, "The question is not understood", $"{field} {message}.", [new FieldError(field, message)]);
}

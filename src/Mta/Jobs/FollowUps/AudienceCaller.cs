using Delivery.Contracts.Access;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>Who wants a job to an audience. The header is passed on to the reports and kept nowhere.</summary>
/// <param name="MayRead">Whether the key has the right to look at reports.</param>
/// <param name="Gone">Cancelled when the client leaves.</param>
internal sealed record AudienceCaller(string Authorization, bool MayRead, CancellationToken Gone)
{
    public static AudienceCaller Of(HttpContext context, ApiKeyTable access)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return new AudienceCaller(header, access.TryAuthenticate(header, out _, out var rights) && rights.HasFlag(Right.Read), context.RequestAborted);
    }
}

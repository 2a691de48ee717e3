using System.Diagnostics.CodeAnalysis;
using Delivery.Contracts.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Mta.Jobs;

/// <summary>Who calls, by the API key.</summary>
internal static class Callers
{
    /// <summary>False for a key that nobody has: <paramref name="refusal"/> is the answer.</summary>
    public static bool TryGetAccount(this HttpContext context, ApiKeyTable access, out uint account, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        refusal = null;
        if (access.TryAuthenticate(context.Request.Headers.Authorization.ToString(), out account))
            return true;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        refusal = Problems.Unauthorized();
        return false;
    }
}

using System.Diagnostics.CodeAnalysis;
using Delivery.Contracts.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Mta.Jobs;

/// <summary>Who calls, by the API key, and whether the key may.</summary>
internal static class Callers
{
    /// <summary>False for a key that nobody has (401) and for one that lacks <paramref name="needed"/> (403): <paramref name="refusal"/> is the answer.</summary>
    public static bool TryGetAccount(
        this HttpContext context, ApiKeyTable access, Right needed, out uint account, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        refusal = null;
        if (!access.TryAuthenticate(context.Request.Headers.Authorization.ToString(), out account, out var rights))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            refusal = Problems.Unauthorized();
        }
        else if ((needed & ~rights) is not Right.None and var missing)
        {
            refusal = Problems.Forbidden(missing);
        }

        return refusal is null;
    }
}

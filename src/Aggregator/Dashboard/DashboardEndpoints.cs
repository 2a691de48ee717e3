using Microsoft.Net.Http.Headers;

namespace Delivery.Aggregator.Dashboard;

/// <summary>
/// <c>/</c> and <c>/assets/…</c>: the page that shows the reports. Its files hold no figures and need no key; the page asks for figures
/// over the API with the key that its user gives. No store is asked.
/// </summary>
internal static class DashboardEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        foreach (var file in PageFiles.All)
            routes.MapMethods(file.Path, Methods, http => AnswerAsync(http, file));
    }

    private static Task AnswerAsync(HttpContext http, PageFile file)
    {
        var response = http.Response;
        PageHeaders.Set(response.Headers, file);
        if (Holds(http.Request, file.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Bytes.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(file.Bytes, http.RequestAborted).AsTask();
    }

    /// <summary>Whether the client has these bytes (RFC 9110, 13.1.2: compared weakly).</summary>
    private static bool Holds(HttpRequest request, string tag)
    {
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known))
            return false;
        var own = new EntityTagHeaderValue(tag);
        return known.Any(one => one == EntityTagHeaderValue.Any || one.Compare(own, useStrongComparison: false));
    }
}

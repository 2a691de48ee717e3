using Delivery.Tracker.Clicks;
using Delivery.Tracker.Opens;

namespace Delivery.Tracker;

/// <summary>
/// <c>GET|HEAD /o/{token}</c> and <c>/c/{token}</c>, before routing, which costs as much as verifying a token: nearly all requests are these two.
/// Everything else (other methods, other spellings of the paths) goes on to the routes.
/// </summary>
internal static class ReaderPaths
{
    private const int PrefixLength = 3;

    public static void UseReaderPaths(this WebApplication app)
    {
        var opens = app.Services.GetRequiredService<OpenEndpoint>();
        var clicks = app.Services.GetRequiredService<ClickEndpoint>();
        app.Use(next => context =>
        {
            var request = context.Request;
            var path = request.Path.Value.AsSpan();
            if (path.Length <= PrefixLength || path[0] != '/' || path[2] != '/' || path[PrefixLength..].Contains('/'))
                return next(context);
            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
                return next(context);
            return path[1] switch
            {
                'o' => opens.HandleAsync(context, path[PrefixLength..]),
                'c' => clicks.HandleAsync(context, path[PrefixLength..]),
                _ => next(context),
            };
        });
    }
}

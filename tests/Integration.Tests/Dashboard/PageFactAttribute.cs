using Delivery.Testing;

namespace Delivery.Integration.Tests.Dashboard;

/// <summary>A test that drives the page in a browser; skipped by name where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PageFactAttribute : FactAttribute
{
    private static readonly string[] Tools = ["page/node_modules/playwright-core", "page/node_modules/axe-core", "bin/chromium"];

    public PageFactAttribute()
    {
        if (Tools.FirstOrDefault(tool => !Path.Exists(RepositoryRoot.Tool(tool))) is { } missing)
            Skip = $".tools/{missing} is missing: ./delivery tools installs it";
    }
}

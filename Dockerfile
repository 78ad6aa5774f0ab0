# The maintenance worker with what its shipped jobs call on a database or a backup. Jobs for hosts (os-patching, nginx) run by an agent there.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY .editorconfig Directory.Build.props Directory.Packages.props global.json ./
COPY src src
RUN dotnet publish src/Maintenance.Host/Maintenance.Host.csproj --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        bash borgbackup openssl postgresql-client python3 restic sqlite3 util-linux zstd \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home maintenance && install -d -o maintenance -m 0700 /var/lib/maintenance
COPY --from=build /app /app
USER maintenance
WORKDIR /maintenance
VOLUME /var/lib/maintenance
ENTRYPOINT ["dotnet", "/app/maintenance.dll"]
CMD ["up"]

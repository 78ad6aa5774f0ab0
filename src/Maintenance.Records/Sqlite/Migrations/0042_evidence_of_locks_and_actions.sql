-- Which fields a link's content hash is over: format 1 had neither the locks of a run nor what people did to it.

alter table evidence add column format integer not null default 1;
